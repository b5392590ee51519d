#!/usr/bin/env bats
# Whatever a case does to its process, it ends with a verdict, the run continues, and nothing is
# left behind.
# bats file_tags=children

load helpers

teardown() {
	end_all
}

# ends_as NAME VERDICT: the case ends so on both engines, and leaves nothing
ends_as() {
	for engine in stress tsan; do
		fixture "misbehaves/$1" "$engine" --executions 20 --budget 500ms
		echo "$engine: $output"
		[ "$status" -eq 0 ]
		[ "$(field verdict)" = "$2" ]
		[ "$(field outcome)" = "$([ "$2" = clean ] && echo clean || echo caught)" ]
		all_gone
	done
}

@test "a segmentation fault is a crash, reported with signal and actor" {
	ends_as segfaults crash
	has "Segmentation fault" "$(field message)"
	has rogue "$(field message)"
}

@test "a crash names its actor as the scenario does, in any script" {
	ends_as dies_by_name crash
	has "Zoë 鹿" "$(field message)"
}

@test "a crash of the check is a crash" {
	ends_as segfaults_in_check crash
}

@test "abort is a crash" {
	ends_as aborts crash
	has SIGABRT "$(field message)"
}

@test "an early exit is a crash, even with status 0" {
	ends_as exits crash
}

@test "SIGKILL is a crash" {
	ends_as kills_itself crash
	has SIGKILL "$(field message)"
}

@test "an endless loop is a livelock, and the message names the actor" {
	ends_as never_ends livelock
	has rogue "$(field message)"
	lacks bystander "$(field message)"
}

@test "a lock that is never released is a deadlock" {
	ends_as waits_for_ever deadlock
	has "held by itself" "$(field message)"
}

@test "a stopped process is a hang" {
	ends_as stops_itself hang
}

@test "a hang is noticed after about a second" {
	fixture misbehaves/never_ends stress --budget 500ms
	jq -e '.seconds >= 0.8 and .seconds < 4' <<<"$output"
}

@test "closing all descriptors is a crash" {
	ends_as closes_descriptors crash
}

@test "printing for long is no livelock: explore names its limit" {
	fixture misbehaves/correct_prints_for_long explore
	[ "$(field outcome)" = skipped ]
	has limit "$(field message)"
}

@test "printing without end is soon a crash, or a livelock until the output is full" {
	for engine in stress tsan; do
		fixture misbehaves/prints_without_end "$engine" --executions 20 --budget 500ms
		echo "$output"
		[ "$(field outcome)" = caught ]
		jq -e '.seconds < 8' <<<"$output"
	done
}

@test "printing a lot is not a failure, and none of it gets into the results" {
	ends_as correct_prints_a_lot clean
	lacks forged
	[ -z "$stderr" ]
}

# Run without the descriptors that bats has open: a case that inherited them would write into the
# stream of this test's own result.
alone() {
	(exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- && "$@")
}

@test "writing to the harness's descriptors does not bring it down" {
	for engine in stress tsan; do
		SNARL_BUILD=$FIXTURES run alone "$SNARL" run \
			misbehaves/writes_garbage claims/always_wrong --engine "$engine" \
			--executions 20 --show-progress=never --json --db "$BATS_TEST_TMPDIR/snarl.db"
		[ "$status" -le 1 ]
		[ "$(wc -l <<<"$output")" -eq 2 ]
		[[ $(field variant) == *always_wrong* ]]
		[ "$(jq -r 'select(.variant == "writes_garbage").verdict' <<<"$output")" = crash ]
	done
}

@test "an end that an actor forges is no end" {
	ends_as forges_end crash
}

@test "events that an actor writes without an end keep no case alive" {
	for engine in stress tsan; do
		SECONDS=0
		fixture misbehaves/floods_events "$engine" --budget 500ms
		[ "$(field verdict)" = livelock ]
		[ "$(field '| .trace | length')" -eq 0 ]
		[ "$SECONDS" -lt 8 ]
	done
}

@test "a crash carries the last line that the case printed" {
	ends_as says_why crash
	has 'the "reason" of it' "$(field message)"
	lacks "first line" "$(field message)"
}

@test "a kind that does not exist is an error of the check" {
	for engine in $(engines); do
		fixture misbehaves/unknown_kind "$engine"
		[ "$status" -eq 3 ]
		has 0x40000000 "$(field message)"
	done
}

@test "a terminal obeys nothing that a case writes" {
	for options in "" --json; do
		on_fixtures run misbehaves/obeyed_by_terminals --engine stress $options \
			--db "$BATS_TEST_TMPDIR/snarl.db"
		has "<b>end" "$output"
		lacks $'\033' "$output$stderr"
		lacks $'\xc2\x9b' "$output$stderr"
		lacks $'\u202e' "$output$stderr"
	done
}

@test "a case inherits no descriptor but its own" {
	exec 9>"$BATS_TEST_TMPDIR/foreign"
	SNARL_BUILD=$FIXTURES run alone "$SNARL" run misbehaves/writes_garbage \
		--engine stress --executions 20 --db "$BATS_TEST_TMPDIR/snarl.db"
	exec 9>&-
	[ ! -s "$BATS_TEST_TMPDIR/foreign" ]
}

@test "a child process that is left behind is ended" {
	ends_as correct_leaves_a_child clean
}

@test "a daemon that is left behind is ended" {
	ends_as correct_leaves_a_daemon clean
}

@test "a child process of a case that ended early is ended" {
	ends_as forks_and_leaves crash
}

@test "a case that kills its parent is a crash, and snarl goes on" {
	ends_as kills_parent crash
	has parent "$(field message)"
}

@test "a case that stops its parent is a crash" {
	ends_as stops_parent crash
	jq -e '.seconds < 5' <<<"$output"
}

@test "a thread that asked to be traced keeps nobody waiting" {
	ends_as correct_asks_to_be_traced clean
	jq -e '.seconds < 5' <<<"$output"
}

@test "a process that no signal of a parent's death reaches is ended" {
	ends_as leaves_a_stranger crash
}

@test "what outlives its snarl and its keeper is ended by the next snarl, and nothing else is" {
	local mark
	SNARL_BUILD=$FIXTURES SNARL_TEST_MARK=$BATS_TEST_TMPDIR "$SNARL" run misbehaves/never_ends \
		--engine stress --db "$BATS_TEST_TMPDIR/snarl.db" >"$BATS_TEST_TMPDIR/out" 3>&- &
	pid=$!
	for _ in {1..100}; do
		mark=$(pgrep -P "$(pgrep -P "$pid" || echo 0)" | sed 's|.*|/proc/&/environ|' |
			xargs -r cat | tr '\0' '\n' | sed -n 's/^SNARL_CASE=//p')
		[ -n "$mark" ] && break
		sleep 0.02
	done
	[[ $mark == "$pid "* ]]
	SNARL_TEST_MARK=$BATS_TEST_TMPDIR SNARL_CASE=$mark sleep 100 3>&- &
	marked=$!
	SNARL_TEST_MARK=$BATS_TEST_TMPDIR SNARL_CASE="${mark% *} pid:[1]" sleep 100 3>&- &
	elsewhere=$!
	fixture claims/always_wrong stress --executions 10
	kill -0 "$marked" # its snarl lives
	kill -9 "$pid"
	wait "$pid" || true
	fixture claims/always_wrong stress --executions 10
	wait "$marked" && return 1
	kill "$elsewhere" # it was not touched
	all_gone
}

@test "a limit of the environment is named, and is no crash of a case" {
	limited() {
		(ulimit "$1" "$2" && exec env SNARL_BUILD="$FIXTURES" "$SNARL" run canary/correct_lock \
			--engine "$3" --budget 300ms --show-progress=never --db "$BATS_TEST_TMPDIR/new.db")
	}
	run limited -f 4 stress
	echo "$output"
	[ "$status" -eq 3 ]
	has "ulimit -f"
	run limited -v 1000000 tsan
	echo "$output"
	[ "$status" -eq 3 ]
	has "ulimit -v"
}

@test "the run continues after each of these cases, and leaves no zombie meanwhile" {
	SNARL_BUILD=$FIXTURES SNARL_TEST_MARK=$BATS_TEST_TMPDIR "$SNARL" run \
		misbehaves/{aborts,correct_leaves_a_child,exits,forks_and_leaves,kills_itself} \
		misbehaves/{never_ends,segfaults,waits_for_ever} \
		--engine stress --executions 20 --json --db "$BATS_TEST_TMPDIR/snarl.db" \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" &
	pid=$!
	# never_ends takes a second: by then five cases have ended.
	for _ in {1..100}; do
		[ "$(wc -l <"$BATS_TEST_TMPDIR/out")" -ge 5 ] && break
		sleep 0.1
	done
	zombies=$(ps --ppid "$pid" -o pid=,stat= | awk '$2 ~ /Z/ { print $1 }')
	sleep 0.3
	still=$(ps --ppid "$pid" -o pid=,stat= | awk '$2 ~ /Z/ { print $1 }')
	wait "$pid"
	[ -z "$(comm -12 <(sort <<<"$zombies") <(sort <<<"$still") | tr -d '\n')" ]
	[ "$(jq -r .variant <"$BATS_TEST_TMPDIR/out" | xargs)" = "aborts correct_leaves_a_child exits \
forks_and_leaves kills_itself never_ends segfaults waits_for_ever" ]
	all_gone
}

@test "the output of a case is kept with its result" {
	fixture claims/says_markup stress --executions 10
	has "<script>alert('output')</script>" "$(query "SELECT detail ->> 'output' FROM result")"
}

@test "a case makes at least one execution, however short its budget" {
	for case in counter/correct_mutex port_message/correct_reply_port; do
		for engine in stress tsan; do
			snarl run "$case" --engine "$engine" --budget 1ms --json --show-progress=never \
				--db "$BATS_TEST_TMPDIR/snarl.db"
			[ "$status" -eq 0 ]
			[ "$(field outcome)" = clean ]
			[ "$(field executions)" -ge 1 ]
		done
	done
}
