#!/usr/bin/env bats
# The controlled scheduler: what it diagnoses, what it does not report, what it proves, and that a
# token reproduces the failure: the same steps, whenever and wherever it is replayed.
# bats file_tags=explore, long, shares-cores

load helpers

# Every case of bats/fixtures/explore and reduced is run once, for all tests here.
setup_file() {
	load helpers
	SNARL_BUILD=$FIXTURES "$SNARL" run explore reduced --engine explore --executions 20000 \
		--budget 20s --json --show-progress=never --db "$BATS_FILE_TMPDIR/snarl.db" \
		>"$BATS_FILE_TMPDIR/cases" || true # the first test judges them
}

setup() {
	CASES=$BATS_FILE_TMPDIR/cases
}

# case_of NAME: $output has the case's JSON
case_of() {
	output=$(jq -c "select(.scenario + \"/\" + .variant == \"$1\")" "$CASES")
	[ -n "$output" ]
}

# explore NAME [OPTION]...: run a fixture
explore() {
	fixture "$1" explore --budget 20s "${@:2}"
}

# on_tree [OPTION]...: run the variants in scenarios/
on_tree() {
	snarl run --engine explore --json --show-progress=never --db "$BATS_TEST_TMPDIR/snarl.db" "$@"
}

# The part of the result on stdin that must be the same in every replay.
steps() {
	jq -cS '[.verdict, .message, .shape.steps, .shape.preemptions, .trace]'
}

# replayed TIMES TOKEN STEPS: that many replays of a fixture's token fail, all in these steps
replayed() {
	local replays=$BATS_TEST_TMPDIR/replays i
	: >"$replays"
	for ((i = 0; i < $1; i++)); do
		! SNARL_BUILD=$FIXTURES "$SNARL" replay "$2" --json >>"$replays" || return 1
	done
	[ "$(steps <"$replays" | uniq -c | sed 's/^ *//')" = "$1 $3" ]
}

# line_of FILE TEXT: the line of the text in a fixture
line_of() {
	grep -nF -- "$2" "$ROOT/bats/fixtures/$1.c" | cut -d: -f1
}

# --- what it diagnoses ----------------------------------------------------------------------------

@test "every fixture has the outcome that it declares" {
	[ "$(jq -r '.scenario + "/" + .variant' "$CASES" | sort)" = \
		"$(cd "$ROOT/bats/fixtures" && printf '%s\n' {explore,reduced}/*.c | sed 's/\.c$//' | sort)" ]
	run jq -r 'select(.outcome != (
			if .variant == "correct_unmodelled_call" then "skipped"
			elif .variant | startswith("correct") then "clean"
			else "caught" end))
		| "\(.outcome): \(.scenario)/\(.variant): \(.verdict), \(.message)"' "$CASES"
	echo "$output"
	[ -z "$output" ]
}

@test "a failure says which actor did what to which variable" {
	wrong=0
	while IFS='|' read -r name sentence; do
		case_of "explore/$name"
		message=$(field message)
		if ! grep -qE -- "$sentence" <<<"$message"; then
			echo "$name: '$message' has no '$sentence'"
			wrong=1
		fi
	done <<-'END'
		deadlock_ab_ba|alice holds left .*, waits for right .*, held by bob
		deadlock_ab_ba|bob holds right .*, waits for left .*, held by alice
		deadlock_ring_of_three|kant .*hume .*locke
		deadlock_semaphores|producer waits for empty
		deadlock_semaphores|consumer waits for full
		self_lock|alice .*lock.* itself
		double_unlock|alice unlocks lock.*nobody
		unlock_by_stranger|bob unlocks lock.*alice holds
		destroy_held_lock|lock is destroyed.*alice
		use_after_destroy|lock .*after it was destroyed
		lock_held_at_end|alice ends.*lock
		lost_wakeup|waiter waits for changed .*teller signalled .*before it waited
		if_instead_of_while|seen is 0, expected 1
		timed_wait_timeout_ignored|seen is 0, expected 1
		livelock_flag_never_set|alice .*bob_began
		livelock_flag_never_set|bob .*alice_began
		private_endless_loop|counter runs without
		endless_recursion|divider .*stack
		null_dereference_after_race|reader .*Segmentation fault.*0x0
		use_after_free|reader .*cleaner
		double_free|(alice|bob) frees .*(alice|bob)
		buffer_overrun|(alice|bob) .*end of a block
		leak_on_race|16 bytes .*(alice|bob)
		malloc_failure_unchecked|(alice|bob) .*Segmentation fault
		pipe_deadlock|alice waits in read for questions.*empty; bob waits in read for answers.*empty
		short_read_ignored|seen is 'g', expected 'go north'
		race_through_created_thread|thread.* half
		rwlock_read_side_writes| reads
		memcpy_race| message
		volatile_flag|ready
		sockets_full_both_ways|alice waits in send for ends\[0\].*full; bob waits in send for ends\[1\].*full
		fifo_order_deadlock|client waits in open for requests.*nobody has opened for reading
		fifo_order_deadlock|server waits in open for replies.*nobody has opened for reading
		reader_gone|writer is killed by SIGPIPE: nobody can read orders
		queue_full_ignored|received is 2, expected 3
		edge_not_drained|receiver waits in epoll_wait for epoll 3.*no events
		asks_again_and_again|reader .*loop
		missing_ftruncate|user crashes \(Bus error\) at board\+8, past the end
		owner_dies|waits for board\+0 .*, held by (alice|bob)
		lock_of_one_process|waits for board\+0 .*not shared between processes
	END
	[ "$wrong" -eq 0 ]
}

@test "a data race has both accesses, with variable, line and stack" {
	file=explore/relaxed_message_passing
	sent=$(line_of $file 'shared->data = 42')
	received=$(line_of $file 'shared->seen = shared->data')
	case_of $file
	[ "$(field verdict)" = data-race ]
	message=$(field message)
	has "receiver reads data (relaxed_message_passing.c:$received)" "$message"
	has "sender writes it (relaxed_message_passing.c:$sent)" "$message"
	query "SELECT detail -> 'races' FROM result
		WHERE variant = 'relaxed_message_passing'" "$BATS_FILE_TMPDIR/snarl.db" |
		jq -e --argjson sent "$sent" --argjson received "$received" '.[0].accesses
			| length == 2 and (map(.actor) | sort) == ["receiver", "sender"]
			and (map(.stack[0].line) | sort) == ([$sent, $received] | sort)
			and (map(.stack[0].function) | sort) == ["receive", "send"]
			and all(.[]; .variable == "data")'
	# The trace shows which step races with which.
	jq -e '[.trace[] | select(.races_with | length > 0) | .variable] | unique == ["data"]' <<<"$output"
}

@test "variables have the names that the fixture gives them" {
	# Each trace may name only members of its own struct shared, and objects with a system name.
	while read -r name; do
		case_of "explore/$name"
		file=$ROOT/bats/fixtures/explore/$name.c
		# Add the objects with a system name.
		members="heap epoll socket $(sed -n '/^struct/,/^};/p' "$file") $(grep -oE 'snarl_(name|path)\("[a-z_]+"' "$file" || true)"
		for variable in $(field '| .trace[].variable // empty' | grep -oE '^[a-z_]+' | sort -u); do
			echo "$name: $variable"
			grep -qw "$variable" <<<"$members"
		done
	done < <(jq -r 'select(.scenario == "explore" and .verdict != "clean") | .variant' "$CASES")
}

@test "a crash and a hang have the stack of the actor" {
	while read -r name function; do
		case_of "explore/$name"
		echo "$name: $(field 'trace[-1].stack[0].function')"
		[ "$(field 'trace[-1].stack[0].function')" = "$function" ]
	done <<-END
		endless_recursion halve
		private_endless_loop count_down
		null_dereference_after_race read_item
		use_after_free read_block
		double_free free_block
	END
}

@test "a deadlock's last steps are the waits, each with the holder of its object" {
	case_of explore/deadlock_ab_ba
	jq -e '[.trace[] | select(.waits_for) | {(.actor): [.waits_for, .held_by]}] | add
		== {"alice": ["right", "bob"], "bob": ["left", "alice"]}' <<<"$output"
}

@test "a fault is a step of its own, and shrinking keeps only the necessary ones" {
	for name in if_instead_of_while malloc_failure_unchecked; do
		case_of "explore/$name"
		echo "$name: $(field '| .shape | @json')"
		jq -e '.shape.faults == 1 and ([.trace[] | select(.injected)] | length) == 1' <<<"$output"
	done
	for name in lost_wakeup deadlock_ab_ba leak_on_race; do
		case_of "explore/$name"
		echo "$name: $(field '| .shape | @json')"
		jq -e '.shape.faults == 0 and all(.trace[]; .injected == null)' <<<"$output"
	done
}

@test "a short or failed read is a choice that is replayed, and shrunk to the necessary one" {
	while read -r name word verdict; do
		case_of "explore/$name"
		token=$(field token)
		first=$(steps <<<"$output")
		[ "$(field verdict)" = "$verdict" ]
		replayed 20 "$token" "$first"
		echo "$name: $(field '| .shape | @json')"
		jq -e --arg fault "posix/io/rw/read: $word" '.shape.faults == 1
			and [.trace[].injected // empty] == [$fault]' <<<"$output"
	done <<-END
		short_read_ignored short torn-message
		eintr_ignored EINTR lost-item
	END
	case_of explore/short_read_ignored
	has "reads 1 byte from ends" "$(field '| .trace[].sentence')"
}

@test "a call that decides is a step, with what it did, and to what" {
	case_of explore/calls_in_words
	words=$(field '| .trace[].sentence')
	for sentence in "creates letter" "creates letter: fails, EEXIST" "sets the length of letter" \
		"renames letter to answer" "unlinks answer" "unlinks answer: fails, ENOENT" \
		"creates the shared memory section" "unlinks the shared memory section" \
		"carries the descriptor of section" "duplicates ends[0]" "sets O_NONBLOCK of ends[0]" \
		"initialises lock" "gets its value of key 0: NULL" "does not join itself: EDEADLK"; do
		has "$sentence" "$words"
	done
	# Both the message's sender and its receiver say what it carried.
	[ "$(grep -c "carries the descriptor of section" <<<"$words")" -eq 2 ]
}

@test "a call is shown at its own line, also one that opens something" {
	case_of explore/calls_in_words
	source=$ROOT/bats/fixtures/explore/calls_in_words.c
	for call in open ftruncate close rename unlink shm_open sendmsg recvmsg shm_unlink dup fcntl \
		pthread_getspecific; do
		lines=$(field "| .trace[] | select(.call == \"$call\") | .line" | sort -un)
		echo "$call: $lines"
		[ -n "$lines" ]
		[ "$lines" = "$(grep -nE "\b$call\(" "$source" | grep -vE "socketpair|ends\[1\]\);|close\(shared" | cut -d: -f1)" ]
	done
	[ "$(field '| .trace[] | select(.sentence == "duplicates ends[0]") | .function')" = call ]
}

@test "a call without a model is named and never clean" {
	explore explore/correct_unmodelled_call
	[ "$status" -ne 0 ]
	[ "$(field outcome)" = skipped ]
	has pthread_mutex_setprioceiling "$(field message)"
}

@test "no named object is left behind, however the executions end" {
	for name in correct_queue correct_fifo missing_ftruncate owner_dies fifo_order_deadlock; do
		TMPDIR=$BATS_TEST_TMPDIR explore explore/$name --executions 300
		[ "$(field executions)" -gt 0 ]
	done
	left=$(find "$BATS_TEST_TMPDIR" -name 'snarl-case-*' -mindepth 1)
	echo "$left"
	[ -z "$left" ]
}

@test "bugs are found whatever the seed" {
	on_fixtures run explore/{lost_wakeup,if_instead_of_while,leak_on_race,null_dereference_after_race} \
		explore/{use_after_free,order_violation_n3,stolen_wakeup,needs_three_preemptions} \
		explore/{queue_full_ignored,missing_ftruncate,edge_not_drained,reader_gone,shared_memory_race} \
		reduced/{two_producers_unlocked_2,single_shared_counter_2} canary/lock_that_does_nothing \
		--engine explore --budget 20s --seed 1 --repeat 20 --json --show-progress=never \
		--db "$BATS_TEST_TMPDIR/snarl.db"
	jq -c 'select(.type == "case" and .outcome != "caught") | [.variant, .seed, .outcome, .message]' <<<"$output"
	[ "$(jq -r 'select(.outcome == "caught") | .seed' <<<"$output" | sort -n | uniq -c | awk '$1 == 16' | wc -l)" -eq 20 ]
}

@test "each strategy finds bugs by itself, and reports its name" {
	for strategy in random pct pos dfs rff auto; do
		for name in explore/{deadlock_ab_ba,lost_wakeup,use_after_free,order_violation_n3} \
			canary/lock_that_does_nothing; do
			explore "$name" --strategy $strategy
			echo "$strategy: $name: $(field outcome)"
			[ "$(field outcome)" = caught ]
			[ "$strategy" = auto ] || [ "$(field shape.strategy)" = $strategy ]
		done
	done
}

@test "the stack that needs three actors is broken within seconds" {
	on_tree safe_stack/next_as_lock --budget 30s
	echo "$output"
	[ "$(field outcome)" = caught ]
}

# --- what it leaves alone -------------------------------------------------------------------------

# clean_over EXECUTIONS VARIANT...: all that are not skipped are clean, and more than half are not
# skipped
clean_over() {
	on_tree --strategy random --executions "$1" --budget 180s "${@:2}"
	[ "$status" -eq 0 ]
	jq -es --argjson executions "$1" 'length as $all | map(select(.outcome != "skipped")) |
		length > $all / 2 and all(.[]; .outcome == "clean" and .executions == $executions)' <<<"$output"
}

@test "correct variants are clean over 5,000 executions, those with messages over 1,000" {
	mapfile -t processes < <(cd "$ROOT/scenarios" &&
		grep -l 'SNARL_PROCESSES' */correct*.c | sed 's/\.c$//')
	mapfile -t threads < <(cd "$ROOT/scenarios" &&
		grep -L 'SNARL_PROCESSES' */correct*.c | sed 's/\.c$//')
	clean_over 5000 "${threads[@]}"
	clean_over 1000 "${processes[@]}"
	on_fixtures run --engine explore --strategy random --executions 5000 --budget 60s --json \
		--db "$BATS_TEST_TMPDIR/snarl.db" $(cd "$ROOT/bats/fixtures" &&
		printf '%s\n' {explore,reduced,canary}/correct*.c | sed 's/\.c$//' | grep -v unmodelled)
	echo "$output" | jq -c 'select(.outcome != "clean" or .executions != 5000) |
		[.variant, .outcome, .executions, .message]'
	[ "$status" -eq 0 ]
	jq -es 'length > 0 and all(.[]; .outcome == "clean" and .executions == 5000)' <<<"$output"
}

@test "correct variants stay clean under the other strategies" {
	for strategy in pct pos dfs; do
		on_fixtures run --engine explore --strategy $strategy --executions 2000 --budget 60s \
			--json --db "$BATS_TEST_TMPDIR/snarl.db" $(cd "$ROOT/bats/fixtures" &&
			printf '%s\n' {explore,reduced}/correct*.c | sed 's/\.c$//' | grep -v unmodelled)
		echo "$output" | jq -c 'select(.outcome != "clean") | [.variant, .outcome, .message]'
		[ "$status" -eq 0 ]
	done
}

# --- what it proves -------------------------------------------------------------------------------

@test "all schedules up to a bound are explored, and their number is reported" {
	on_tree counter/correct_atomic --strategy dfs --preemptions 2
	[ "$(field outcome)" = clean ]
	field coverage | grep -qE '^all [0-9,]+ schedules (with (at most 2|any number of) preemptions seen$)'
	explore reduced/correct_counted_mutex_1 --strategy dfs --preemptions 2
	echo "$output"
	[ "$(field outcome)" = clean ]
	field coverage | grep -qE '^all [0-9,]+ schedules with at most 2 preemptions seen$'
}

@test "each preemption more allows more schedules, until there are no more" {
	last=0
	for bound in 0 1 2 3; do
		explore explore/needs_three_preemptions --strategy dfs --preemptions $bound
		seen=$(field coverage | grep -oE '[0-9,]+ schedules' | tr -dc 0-9)
		echo "$bound: $(field coverage)"
		[ "$seen" -gt "$last" ]
		last=$seen
	done
	explore explore/correct_adjacent_bytes --strategy dfs
	has "any number of preemptions" "$(field coverage)"
}

@test "a search of all schedules finds all results" {
	on_tree counter/unsynchronised --strategy dfs
	[ "$(field '| .outcomes[].label' | sort | xargs)" = "counter = 4 counter = 5 counter = 6" ]
}

@test "the fewest preemptions are found, and fewer are proved to be too few" {
	on_tree counter/unsynchronised --budget 5s
	[ "$(field shape.preemptions)" -eq 1 ]
	while read -r name fewest; do
		explore "$name"
		echo "$name: $(field '| .shape | @json')"
		[ "$(field outcome)" = caught ]
		[ "$(field shape.preemptions)" -eq "$fewest" ]
		explore "$name" --strategy dfs --preemptions $((fewest - 1))
		echo "$name: $(field coverage)"
		[ "$status" -eq 1 ]
		[ "$(field outcome)" = MISSED ]
		[ "$(field verdict)" = clean ]
		field coverage | grep -qE "^all [0-9,]+ schedules with at most $((fewest - 1)) preemption"
		explore "$name" --strategy dfs --preemptions "$fewest"
		[ "$(field outcome)" = caught ]
		[ "$(field shape.preemptions)" -eq "$fewest" ]
	done <<-END
		explore/deadlock_ab_ba 1
		explore/order_violation_n3 1
		explore/needs_two_preemptions 2
		explore/needs_three_preemptions 3
		reduced/publish_before_write_1 1
	END
}

@test "an unknown strategy is refused, and the valid ones are listed" {
	on_tree counter --strategy exhaustive
	refused 2
	for strategy in random pct pos dfs rff auto; do
		grep -qw $strategy <<<"${stderr#*valid}"
	done
	on_tree counter --preemptions many
	refused 2
}

# --- the token ------------------------------------------------------------------------------------

@test "the same seed finds the same failure by the same token" {
	for name in explore/leak_on_race explore/stolen_wakeup reduced/single_shared_counter_2; do
		first=
		for _ in 1 2 3; do
			explore "$name" --seed 7 --strategy random
			found=$(field '| [.token, .first_failure_execution, .shape] | @json')
			echo "$found"
			[ "${first:=$found}" = "$found" ]
		done
	done
}

@test "every failure's token fails again in the same way" {
	while IFS=$'\t' read -r name token verdict message; do
		on_fixtures replay "$token" --json
		echo "$name: $status $(field '| [.verdict, .message] | @json')"
		[ "$status" -eq 1 ]
		[ "$(field verdict)" = "$verdict" ]
		[ "$(field message)" = "$message" ]
		[ "$(field executions)" -eq 1 ]
	done < <(jq -r 'select(.verdict != "clean") |
		[.variant, .token, .verdict, .message] | @tsv' "$CASES")
}

@test "thirty replays have exactly the same steps" {
	for name in explore/{deadlock_ab_ba,if_instead_of_while,leak_on_race,use_after_free} \
		explore/{malloc_failure_unchecked,lost_wakeup,memcpy_race,race_through_created_thread} \
		explore/{sockets_full_both_ways,fifo_order_deadlock,reader_gone,queue_full_ignored} \
		explore/{edge_not_drained,missing_ftruncate,owner_dies,shared_memory_race} \
		reduced/two_producers_unlocked_2; do
		case_of "$name"
		token=$(field token)
		first=$(steps <<<"$output")
		[ "$(field '| .trace | length')" -gt 1 ]
		replayed 30 "$token" "$first"
	done
}

@test "a replay depends on neither the folder nor the environment" {
	for variant in counter/unsynchronised bounded_buffer/publish_before_write; do
		on_tree "$variant" --budget 5s
		token=$(field token)
		first=$(steps <<<"$output")
		snarl=$(realpath "$SNARL")
		cd /
		run --separate-stderr env -i "$snarl" replay "$token" --json
		[ "$status" -eq 1 ]
		[ "$(steps <<<"$output")" = "$first" ]
		run --separate-stderr env LANG=de_DE.UTF-8 MALLOC_PERTURB_=85 \
			LONG="$(printf 'x%.0s' {1..5000})" "$snarl" replay "$token" --json
		[ "$status" -eq 1 ]
		[ "$(steps <<<"$output")" = "$first" ]
		# Nor does it depend on addresses.
		run --separate-stderr setarch -R "$snarl" replay "$token" --json
		[ "$(steps <<<"$output")" = "$first" ]
		cd "$ROOT"
	done
}

@test "a token of another build is distinguished from one of this build" {
	case_of explore/deadlock_ab_ba
	token=$(field token)
	[ "$(sealed "${token%.*}")" = "$token" ]
	other=$(sed -E 's/\.[^.]*$//; s/\.[0-9a-f]+:/.1:/' <<<"$token")
	on_fixtures replay "$(sealed "$other")"
	echo "$output $stderr"
	[ "$status" -gt 1 ]
	has "another build" "$output$stderr"
}

@test "a schedule that is damaged or belongs to another case is refused, not followed" {
	case_of explore/deadlock_ab_ba
	text=$(field token)
	text=${text%.*}
	for other in "${text/:*/:!!}" "${text/:*/:}-" "${text/deadlock_ab_ba/lost_wakeup}" \
		"${text}AAAAAAAAAAAAAAAA" "${text/:*/:____________}"; do
		on_fixtures replay "$(sealed "$other")"
		echo "$other: $status $output $stderr"
		[ "$status" -ne 139 ]
		[ "$status" -le 3 ]
	done
}

@test "the message of a lost update says which write was lost, and why" {
	on_tree counter/unsynchronised
	grep -qE "^(producer|consumer) wrote [46] to counter from the value read at step [0-9]+; \
(producer|consumer)'s write at step [0-9]+ was lost: counter is [46], expected 5\$" <<<"$(field message)"
}

@test "replay draws the interleaving with one lane per actor, and with values" {
	on_tree counter/unsynchronised
	snarl replay "$(field token)"
	echo "$output"
	[ "$status" -eq 1 ]
	has interleaving:
	grep -qE 'producer +consumer' <<<"$output"
	grep -qE 'reads counter: 5' <<<"$output"
	grep -qE 'writes counter: 5 → [46]' <<<"$output"
	has "1 preemption"
}

@test "the interleaving on a terminal is the same, and fits its width" {
	on_tree counter/unsynchronised
	token=$(field token)
	run script -qec "stty cols 80; TERM=xterm NO_COLOR=1 $SNARL replay $token" /dev/null
	echo "$output"
	grep -qE 'producer +consumer' <<<"$output"
	grep -qE 'writes counter: 5 → [46]' <<<"$output"
}

@test "a run prints the interleaving of an unexpected failure, in few lines" {
	on_fixtures run claims/correct_with_a_bug --engine explore --db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$status" -eq 1 ]
	has "FALSE ALARM"
	has "writes counter: 0 → 1"
	grep -qE '✗ .*(stale since|races with) step' <<<"$output"
	grep -q 'replay: .*snarl replay explore\.claims\.correct_with_a_bug\.' <<<"$output"
	[ "$(wc -l <<<"$output")" -lt 25 ]
}

@test "replay --gdb stops at the requested step" {
	case_of explore/deadlock_ab_ba
	token=$(field token)
	# The second actor's first lock is the second step: see the trace of the same token.
	function=$(field 'trace[1].function')
	line=$(field 'trace[1].line')
	run bash -c "echo quit | SNARL_BUILD='$FIXTURES' '$SNARL' replay '$token' --gdb --step 2"
	echo "$output"
	grep -qE "in $function .*" <<<"$output"
	grep -qE "deadlock_ab_ba\.c:$line" <<<"$output"
	on_fixtures replay "$token" --step 2
	refused 2
	has --gdb "$stderr"
}

@test "run knows every strategy that the engine has, and no other" {
	grep -l '^const struct strategy_kind strategy_' "$ROOT"/harness/explore/schedule/*.c | grep -v /replay.c |
		xargs sed -n 's/^\t\.name = "\(.*\)",$/\1/p' | sort >"$BATS_TEST_TMPDIR/engine"
	snarl run counter --engine explore --strategy no_such
	refused 2
	sed 's/.*valid: //' <<<"$stderr" | tr ' ' '\n' | sort | diff "$BATS_TEST_TMPDIR/engine" -
}
