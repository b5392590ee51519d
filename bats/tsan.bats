#!/usr/bin/env bats
# What ThreadSanitizer alone would get wrong: fences, barriers, robust mutexes, threads that nobody
# joins, crashes inside its own code; and what belongs to the process when many states run at once.
# bats file_tags=tsan

load helpers

# outcome_is OUTCOME ENGINE NAME: the outcome of the fixture
outcome_is() {
	local budget=500ms
	[ "$1" = caught ] && budget=5s
	fixture "$3" "$2" --profile delays --budget "$budget"
	[ "$(field outcome)" = "$1" ]
}

@test "tsan follows fences: a message with a fence, or a stronger access, on both sides is clean" {
	for name in both release_store acquire_load exchange; do
		outcome_is clean tsan "fences/correct_$name"
	done
}

@test "tsan follows fences: a message without its fence on one side, or misplaced, is a race" {
	for name in no_acquire no_release fence_after_store write_after_fence fence_before_load; do
		outcome_is caught tsan "fences/$name"
		[ "$(field verdict)" = data-race ]
	done
}

@test "a crash inside an atomic operation is reported by tsan with its address" {
	outcome_is caught tsan runtime/atomic_at_null
	[ "$(field verdict)" = crash ]
	has 0x0 "$(field message)"
}

@test "a race that crashes at once is reported by tsan before the crash" {
	outcome_is caught tsan runtime/null_after_race
	jq -e '.witnesses.tsan_reports >= 1' <<<"$output"
}

@test "a double free by one thread is a crash, in stress and in tsan" {
	outcome_is caught stress runtime/freed_twice
	outcome_is caught tsan runtime/freed_twice
}

@test "what is read after a free has changed, in stress" {
	outcome_is caught stress runtime/read_after_free
	[ "$(field first_failure_execution)" -eq 0 ]
}

@test "a barrier may be destroyed as soon as all have met, and no earlier" {
	outcome_is clean tsan runtime/correct_barrier_destroyed
	outcome_is caught tsan runtime/barrier_destroyed_early
}

@test "a robust mutex whose last owner died is a new one after the next set-up" {
	outcome_is clean tsan runtime/correct_last_owner_dies
}

@test "tsan knows the threads of threads.h, and a mutex that may refuse an unlock" {
	outcome_is clean tsan runtime/correct_c11_threads
	outcome_is clean tsan runtime/correct_unlock_refused
}

@test "tsan knows the order of locks of threads.h" {
	outcome_is caught tsan runtime/c11_lock_order
	[ "$(field verdict)" = lock-order ]
	has left "$(field message)"
	has c11_lock_order.c: "$(field message)"
}

@test "locks that ThreadSanitizer does not know by itself make no false alarm" {
	for name in correct_locks_unknown_to_tsan correct_owner_dies_timed; do
		for engine in stress tsan explore; do
			outcome_is clean "$engine" "runtime/$name"
		done
	done
}

@test "looking up an environment variable orders nothing" {
	outcome_is caught tsan runtime/lookup_orders_nothing
}

@test "threads that nobody joins are a leak, those that are detached are none" {
	for engine in stress tsan; do
		outcome_is caught "$engine" runtime/threads_not_joined
		[ "$(field verdict)" = leak ]
		lacks "influence each other" "$(field message)"
		outcome_is clean "$engine" runtime/correct_threads_detached
	done
}

@test "a detached thread that writes during the check is no race" {
	fixture explore/detached_outlives_actor tsan --budget 500ms
	[ "$(field verdict)" != data-race ]
}

@test "an assertion that ends the case is an assertion, in every engine" {
	for engine in stress tsan explore; do
		outcome_is caught "$engine" runtime/asserts
		[ "$(field verdict)" = assertion ]
	done
}

@test "a lookup in the environment while it is freed is a crash, in tsan and in explore" {
	for engine in tsan explore; do
		outcome_is caught "$engine" surroundings/read_while_set
		[ "$(field verdict)" = crash ]
		outcome_is clean "$engine" surroundings/correct_read_locked
	done
}

@test "set-ups and checks that wait busily for the clock come to their end" {
	for engine in stress tsan explore; do
		outcome_is clean "$engine" surroundings/correct_busy_until
	done
}

@test "each execution begins with the same environment, directory and mask" {
	for engine in stress tsan; do
		outcome_is clean "$engine" surroundings/correct_variable_set_once
		outcome_is clean "$engine" surroundings/correct_variable_made_again
		outcome_is clean "$engine" surroundings/correct_mask_and_directory
	done
}
