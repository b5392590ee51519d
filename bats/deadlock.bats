#!/usr/bin/env bats
# A case without progress is diagnosed: its kind, and which actor holds what, waits for what, and
# where. Then the run continues, and nothing is left behind.
# bats file_tags=deadlock

load helpers

# The variants whose source declares the cycle of their deadlock are run once for the tests of
# cycles.
setup_file() {
	load helpers
	mapfile -t names < <("$SNARL" list --json | jq -r 'select(.expect.cycle) | .scenario + "/" + .variant')
	[ "${#names[@]}" -ge 7 ]
	"$SNARL" run "${names[@]}" --profile delays --json --show-progress=never \
		--db "$BATS_FILE_TMPDIR/snarl.db" >"$BATS_FILE_TMPDIR/cycles"
	[ "$(wc -l <"$BATS_FILE_TMPDIR/cycles")" -eq $((${#names[@]} * $(engines | wc -l))) ]
}

teardown() {
	end_all
}

# stuck NAME ENGINE [OPTION]...: run a scenario's case; $output has its JSON
stuck() {
	snarl run "$1" --engine "$2" --profile delays --json --show-progress=never \
		--db "$BATS_TEST_TMPDIR/snarl.db" "${@:3}"
	[ "$status" -eq 0 ]
}

@test "the cycle is the one that the variant declares, on all engines" {
	while read -r output; do
		echo "$(field variant) $(field engine): $(field message)"
		[ "$(field outcome)" = caught ] # with another cycle it would be MISSED
		[ "$(field 'waits.cycle | length')" -ge 1 ]
	done <"$BATS_FILE_TMPDIR/cycles"
}

@test "a deadlock with another cycle than the declared one is MISSED, and the message says so" {
	for engine in $(engines); do
		fixture standstill/wrong_cycle "$engine"
		[ "$status" -eq 1 ]
		[ "$(field outcome)" = MISSED ]
		has "the declared cycle is alice -> right -> carol" "$(field message)"
	done
}

# called FILE LINE: the calls of pthreads in that line of a source
called() {
	sed -n "$2p" "$ROOT/$1" | grep -oE 'pthread_[a-z_]+\('
}

@test "the places where a lock is held and waited for are lines that lock, on all engines" {
	while read -r output; do
		[ "$(field 'waits.actors[0].holds | length')" -ge 1 ] ||
			[ "$(field 'waits.actors[1].holds | length')" -ge 1 ]
		while read -r what file line; do
			echo "$(field variant) $(field engine): $what $file:$line"
			called "$file" "$line" | grep -qE 'lock\(|join\('
		done < <(field 'waits.actors[] | ("waits \(.file) \(.line)",
			(.holds[] | "holds \(.file) \(.line)"))')
	done <"$BATS_FILE_TMPDIR/cycles"
}

@test "actors outside the cycle are reported, but not those that have ended" {
	for engine in $(engines); do
		fixture standstill/deadlock_of_two_in_four "$engine"
		echo "$engine: $output"
		[ "$(field outcome)" = caught ]
		[ "$(field verdict)" = lock-order ] && continue # ThreadSanitizer reports only the cycle
		[ "$(field 'waits.actors[0:2] | map(.actor) | sort | join(" ")')" = "alice bob" ]
		[ "$(field 'waits.actors | map(.actor) | index("dave")')" = null ]
		has "alice holds left " "$(field message)"
		has "waits for right " "$(field message)"
	done
}

@test "deadlock, lost wakeup, livelock and starvation are distinguished" {
	for case in lock_order/ab_ba:deadlock sleeping_barber/lost_customer:lost-wakeup \
		lock_order/trylock_livelock:livelock; do
		for engine in stress explore; do
			stuck "${case%:*}" "$engine"
			[ "$(field verdict)" = "${case#*:}" ]
		done
	done
	for engine in stress tsan; do
		fixture standstill/starved "$engine"
		[ "$(field verdict)" = starvation ]
		has "waiter waits for go" "$(field message)"
		has "busy continues" "$(field message)"
	done
}

@test "the actor that signalled is named, however far ahead it is by now" {
	for seed in 1 2 3 4 5; do
		fixture standstill/signalled_long_ago stress --seed "$seed"
		[ "$(field outcome)" = caught ]
		[ "$(field verdict)" = lost-wakeup ]
		has "which alice signalled" "$(field message)"
		has "before it waited" "$(field message)"
	done
}

@test "of two signallers, the lost signal is that of the one that came too late" {
	fixture standstill/two_signallers explore
	echo "$output"
	[ "$(field verdict)" = lost-wakeup ]
	has "which late signalled (two_signallers.c:" "$(field message)"
	lacks "early" "$(field message)"
	for engine in stress tsan; do # nobody saw what the waiter had read: only the order is known
		fixture standstill/two_signallers "$engine"
		echo "$output"
		[ "$(field verdict)" = lost-wakeup ]
		has "which late signalled last (two_signallers.c:" "$(field message)"
	done
}

@test "an actor that computes for long is stuck in no engine" {
	for engine in $(engines); do
		fixture standstill/correct_computes "$engine" --budget 300ms
		echo "$engine: $output"
		[ "$(field outcome)" = clean ]
	done
}

@test "a livelock says who holds the lock that another waits for" {
	for engine in $(engines); do
		fixture standstill/loops_with_lock "$engine"
		echo "$engine: $output"
		[ "$(field verdict)" = livelock ]
		has "alice holds lock (loops_with_lock.c:" "$(field message)"
		has "bob waits for lock " "$(field message)"
		has "held by alice" "$(field message)"
	done
}

@test "an actor that reads many places is not said to wait for one of them" {
	fixture standstill/scans_with_lock explore
	echo "$output"
	[ "$(field verdict)" = livelock ]
	has "alice holds lock (scans_with_lock.c:" "$(field message)"
	lacks "to change" "$(field message)"
}

@test "a livelock of actors that keep a lock and try another says who holds which" {
	fixture standstill/holds_and_tries explore
	echo "$output"
	[ "$(field verdict)" = livelock ]
	has "alice holds left (holds_and_tries.c:" "$(field message)"
	has "keeps trying right (holds_and_tries.c:" "$(field message)"
	has "held by bob" "$(field message)"
	has "bob holds right (holds_and_tries.c:" "$(field message)"
	has "held by alice" "$(field message)"
}

@test "a loop that waits for an actor that has ended says so, and no more than is known" {
	fixture standstill/setter_has_ended explore
	echo "$output"
	[ "$(field verdict)" = livelock ]
	has "for done to change, which is false, and bob has ended" "$(field message)"
	fixture explore/livelock_flag_never_set explore
	echo "$output"
	has "for bob_began to change, which is 0" "$(field message)"
	lacks "left to write" "$(field message)"
}

@test "a loop's value is not said if it may have been written after the steps that are traced" {
	fixture standstill/written_late explore --strategy dfs
	echo "$output"
	[ "$(field verdict)" = livelock ]
	has "for turn to change, and no other actor is left to write it" "$(field message)"
	fixture standstill/loops_with_lock explore --strategy dfs
	echo "$output"
	has "for go to change, which is false" "$(field message)"
}

@test "a reader that waits behind a writer is not said to wait for a holder" {
	for engine in $(engines); do
		fixture standstill/reader_behind_writer "$engine"
		echo "$engine: $output"
		[ "$(field verdict)" = deadlock ]
		has "blocked by writer's pending write lock" "$(field message)"
		has "held by alice" "$(field message)"
		lacks "held by writer" "$(field message)"
	done
}

@test "a wait for a System V semaphore or a futex names it" {
	for engine in stress tsan; do
		fixture standstill/waits_for_numbers "$engine" --budget 500ms
		echo "$engine: $output"
		[ "$(field verdict)" = hang ]
		has "alice waits in semop for semaphore 2 of set " "$(field message)"
		has "bob waits for door " "$(field message)"
	done
}

@test "every stuck actor has a stack, from the call it is blocked in to the actor's own function" {
	for engine in $(engines); do
		stuck lock_order/ab_ba "$engine"
		[ "$(field verdict)" = lock-order ] && continue
		for actor in alice bob; do
			stack=$(field "waits.actors[] | select(.actor == \"$actor\") | .stack | map(.function) | join(\" \")")
			echo "$engine $actor: $stack"
			[[ $stack == *transfer*"$actor"* ]]
		done
	done
}

@test "without permission to trace the process, the calls are still reported" {
	command -v setpriv >/dev/null || skip "setpriv is not installed"
	for may in sys_ptrace none; do
		drop=()
		[ "$may" = sys_ptrace ] || drop=(setpriv --bounding-set=-sys_ptrace --inh-caps=-all)
		SNARL_BUILD=$FIXTURES run "${drop[@]}" "$SNARL" run standstill/not_to_be_traced \
			--engine stress --json --show-progress=never --db "$BATS_TEST_TMPDIR/snarl.db"
		echo "$may: $output"
		[ "$(field outcome)" = caught ]
		has "alice holds lock (not_to_be_traced.c:" "$(field message)"
		# With permission, the whole stack is there.
		length=$(field 'waits.actors[0].stack | length')
		[ "$may" = none ] || [ "$EUID" -ne 0 ] || [ "$length" -gt 2 ]
		[ "$may" = sys_ptrace ] || [ "$length" -eq 2 ]
	done
}

@test "ThreadSanitizer reports a potential deadlock before it happens, with both stacks of each lock" {
	# Only the two executions of the rehearsal are made: no actors can meet there.
	snarl run lock_order/ab_ba --engine tsan --executions 2 --json --show-progress=never \
		--db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$status" -eq 0 ]
	[ "$(field verdict)" = lock-order ]
	[ "$(field waits.reached)" = false ]
	[ "$(field 'waits.actors | map(.actor) | sort | join(" ")')" = "alice bob" ]
	has "a potential deadlock" "$(field message)"
	has "alice takes lock[1] (ab_ba.c:" "$(field message)"
	has "while it holds lock[0] (ab_ba.c:" "$(field message)"
	[ "$(field 'waits.actors | map(.stack[0].line, .holds[0].stack[0].line) | min')" != null ]
}

@test "a correct variant may declare that ThreadSanitizer is wrong about it" {
	stuck lock_order/correct_gate_lock tsan
	[ "$(field outcome)" = clean ]
	stuck lock_order/correct_gate_lock explore
	[ "$(field outcome)" = clean ]
	[ "$(field verdict)" = clean ]
}

@test "after a deadlock the run continues with the next execution, and counts the others" {
	fixture standstill/seldom stress
	echo "$output"
	[ "$(field outcome)" = caught ]
	jq -e '.outcomes | any(.[]; .label == "deadlock" and .count >= 1)
		and any(.[]; .kinds == "clean" and .count >= 1)' <<<"$output"
	all_gone
}

@test "no hang outlives its deadline by more than a second, and no process is left" {
	for name in misbehaves/never_ends misbehaves/stops_itself misbehaves/waits_for_ever \
		standstill/starved standstill/seldom; do
		for engine in stress tsan; do
			began=$EPOCHREALTIME
			fixture "$name" "$engine" --budget 1s
			took=$(((${EPOCHREALTIME/./} - ${began/./}) / 1000))
			echo "$name $engine: $took ms"
			[ "$(field outcome)" = caught ]
			[ "$took" -lt 3000 ] # the deadline, a second of silence, and one for a busy machine
			[ -z "$(left_behind)" ]
		done
	done
}

@test "the terminal prints the cycle in words" {
	snarl run lock_order/ab_ba --engine stress --show-progress=never --db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$status" -eq 0 ]
	output=$(tr -s '[:space:]' ' ' <<<"$output") # long lines continue in the next
	grep -qE ' alice holds lock\[0\] \(ab_ba.c:[0-9]+\), waits for lock\[1\] [^,]*, held by bob ' <<<"$output"
	grep -qE ' bob holds lock\[1\] \(ab_ba.c:[0-9]+\), waits for lock\[0\] [^,]*, held by alice ' <<<"$output"
}

@test "processes that wait for each other's message are a deadlock, and the pipes have names" {
	for engine in stress tsan; do
		fixture processes/both_wait_for_a_message "$engine"
		echo "$engine: $output"
		[ "$(field outcome)" = caught ]
		[ "$(field verdict)" = deadlock ]
		has "alice waits for to_alice[0] (both_wait_for_a_message.c:" "$(field message)"
		has "bob waits for to_bob[0] (both_wait_for_a_message.c:" "$(field message)"
		has "only bob is left to send there" "$(field message)"
		jq -e '.seconds < 3' <<<"$output"
		all_gone
	done
}

@test "a cycle through locks that processes share is reported as one" {
	for engine in $(engines); do
		fixture processes/locks_in_two_orders "$engine"
		echo "$engine: $output"
		[ "$(field outcome)" = caught ] # with another cycle it would be MISSED
		has "alice holds left (locks_in_two_orders.c:" "$(field message)"
		has "bob holds right (locks_in_two_orders.c:" "$(field message)"
		all_gone
	done
}

@test "the lock of a process that died is reported with its holder" {
	for engine in stress tsan; do
		fixture processes/dies_with_the_lock "$engine"
		echo "$engine: $output"
		[ "$(field outcome)" = caught ]
		[ "$(field verdict)" = deadlock ]
		has "alice waits for lock (dies_with_the_lock.c:" "$(field message)"
		has "held by bob" "$(field message)"
		has "bob ended and holds lock" "$(field message)"
		all_gone
	done
}

@test "two processes that wait while a third works are not a deadlock" {
	for engine in stress tsan; do
		fixture processes/correct_third_works "$engine" --executions 2
		echo "$engine: $output"
		[ "$(field outcome)" = clean ]
		[ "$(field executions)" -eq 2 ]
	done
}

@test "a wait that a timeout ends is no standstill" {
	for engine in stress tsan; do
		fixture standstill/correct_woken_by_a_timeout "$engine" --executions 2
		echo "$engine: $output"
		[ "$(field outcome)" = clean ]
	done
}

@test "a wait that a signal could end is a hang, and the message says what could end it" {
	for engine in stress tsan; do
		fixture standstill/pauses "$engine" --budget 1s
		echo "$engine: $output"
		[ "$(field verdict)" = hang ]
		has "sleeper waits in pause" "$(field message)"
		has "a signal" "$(field message)"
	done
}

@test "a check that never ends is reported as one" {
	fixture standstill/check_never_ends stress --engine tsan --jobs 2 --budget 1s # which wait together
	echo "$output"
	[ "$(field outcome)" = "$(printf '%s\n' caught caught)" ]
	[ "$(field message | grep -c "the check does not end")" -eq 2 ]
}

@test "an actor that is a process may end by pthread_exit" {
	for engine in stress tsan explore; do
		fixture processes/correct_ends_its_thread "$engine" --executions 100
		[ "$(field outcome)" = clean ]
	done
}

@test "an actor that ends its thread, or is cancelled, ends alone" {
	for engine in stress tsan; do
		fixture misbehaves/correct_ends_its_thread "$engine" --executions 500
		echo "$engine: $output"
		[ "$(field outcome)" = clean ]
		[ "$(field executions)" -eq 500 ]
	done
}
