load snarl

setup() {
	cd "$BATS_TEST_DIRNAME" || return
}

# It fails, because the queue has a bug.
@test "queue" {
	snarl_finds_nothing races/queue.c -- -Iinclude src/queue.c
}

@test "queue_fixed" {
	snarl_finds_nothing races/queue.c -- -Iinclude src/queue.c -DFIXED
}
