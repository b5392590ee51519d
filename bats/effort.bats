#!/usr/bin/env bats
# The effort of a clean case: its broken twins determine it, so that a bug rarer than theirs is
# found.
# bats file_tags=effort

load helpers

# on_effort [OPTION]...: run the fixtures of that name, whose rules determine how rare their bugs
# are
on_effort() {
	on_fixtures run effort --json --show-progress=never --db "$BATS_TEST_TMPDIR/snarl.db" "$@"
}

# of VARIANT FIELD: one field of one case's JSON
of() {
	jq -r "select(.variant == \"$1\") | .$2" <<<"$output"
}

# ten_times_rarer ENGINE: a bug ten times rarer than that of its twin is seen, 20 times out of 20
ten_times_rarer() {
	on_effort --engine "$1" --strategy random --repeat 20
	[ "$status" -eq 1 ]
	[ "$(of seldom outcome | sort | uniq -c | xargs)" = "20 caught" ]
	[ "$(of correct_but_for_one_in_5000 outcome | sort | uniq -c | xargs)" = "20 FALSE ALARM" ]
	[ "$(of correct outcome | sort | uniq -c | xargs)" = "20 clean" ]
}

@test "stress: a bug ten times rarer than its twin's is a FALSE ALARM, 20 runs of 20" {
	ten_times_rarer stress
}

@test "tsan: a bug ten times rarer than its twin's is a FALSE ALARM, 20 runs of 20" {
	ten_times_rarer tsan
}

# bats test_tags=shares-cores
@test "explore: a bug ten times rarer than its twin's is a FALSE ALARM, 20 runs of 20" {
	ten_times_rarer explore
}

@test "a clean case reports its effort, and has made that many executions" {
	for engine in $(engines); do
		on_effort --engine "$engine" --strategy random # others soon run out of schedules
		[ "$(of correct message)" = "clean: 20 × the executions that caught seldom" ]
		[ "$(of correct effort.twin)" = seldom ]
		[ "$(of correct '| .effort.times == 20')" = true ]
		# The twin fails in one execution of 500: at least 20 times that many are needed.
		[ "$(of correct executions)" -ge 5000 ]
		[ "$(of correct '| .seconds >= 0.1')" = true ]
	done
	[ "$(query "SELECT count(*) FROM result WHERE variant = 'correct' AND message LIKE 'clean: 20 ×%'")" -eq \
		"$(engines | wc -l)" ]
}

@test "a case whose twin demands more than two seconds reports how much of that was made" {
	# An allocation takes about 200 us more: 500 executions take 0.1 s, and 20 x 4.6 times that
	# is 9 s.
	on_effort --engine stress --inject 'libc/mm/malloc:delay:us=150'
	[ "$(of seldom outcome)" = caught ]
	[[ $(of correct message) =~ ^"clean: "[0-9.]+" × the executions that caught seldom"$ ]]
	[ "$(of correct '| .effort.times < 20')" = true ]
	[ "$(of correct '| .seconds >= 1.9 and .seconds < 4')" = true ]
}

@test "broken twins run first, whatever their names" {
	on_effort --engine stress
	[ "$(jq -r .variant <<<"$output" | head -n 1)" = seldom ]
}

@test "nothing is calibrated without a twin, or with --budget, --executions or --effort long" {
	on_fixtures run effort/correct --engine stress --json --db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$(field message)" = "" ]
	[ "$(field '| .seconds >= 0.3')" = true ]
	on_effort --engine stress --budget 150ms
	[ "$(of correct effort)" = null ]
	on_effort --engine stress --executions 5000
	[ "$(of correct effort)" = null ]
	[ "$(of correct executions)" -eq 5000 ]
	on_effort --engine stress --effort long
	[ "$(of correct effort)" = null ]
	[ "$(of correct '| .seconds >= 1.9')" = true ]
	on_effort --effort sometimes
	[ "$status" -eq 2 ]
	has calibrated "$stderr"
}

@test "--repeat prints a case whose outcomes differ, and fails" {
	# Chance decides whether the bug shows in one execution, and nothing declares that.
	on_fixtures run effort/seldom --engine stress --executions 1 --repeat 40 --show-progress=never \
		--inject 'libc/mm/malloc:errno=ENOMEM:p=0.3' --db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$status" -eq 1 ]
	grep -qE '^DIFFERS effort/seldom stress: [0-9]+ × (caught lost-update|MISSED), [0-9]+ × ' <<<"$output"
	has "40 rounds of 1 cases: 0 came out the same, 0 varied as declared, 1 differed"
	[ "$(query "SELECT count(DISTINCT run) FROM result")" -eq 40 ]
}

@test "--repeat succeeds if outcomes are the same, or differ as declared" {
	on_fixtures run claims/always_wrong claims/may_see_nothing --engine stress --executions 50 --repeat 3 \
		--show-progress=never --db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$status" -eq 0 ]
	has "3 rounds of 2 cases: 2 came out the same, 0 varied as declared, 0 differed"
	on_fixtures run chance/may_lose_one --engine stress --executions 1 --repeat 40 --json \
		--show-progress=never --db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$status" -eq 0 ]
	[ "$(jq -r 'select(.type == "varied") | .differs' <<<"$output")" = false ]
	[ "$(jq -r 'select(.type == "varied") | [.ways[].count] | add' <<<"$output")" -eq 40 ]
}

@test "--repeat gives every round its own seed, the same ones for the same --seed" {
	on_effort --engine stress --executions 10 --repeat 2 --seed 5
	[ "$(of correct seed | xargs)" = "5 6" ]
}

# most_at_once ENGINE: the most cases of that engine that were seen to run at the same time
most_at_once() {
	local most=0 now pid

	SNARL_BUILD=$FIXTURES "$SNARL" run effort/correct canary/correct_lock claims/may_see_nothing \
		--engine "$1" --strategy random --budget 300ms --show-progress=never --db "$BATS_TEST_TMPDIR/snarl.db" >"$BATS_TEST_TMPDIR/out" 3>&- &
	pid=$!
	while kill -0 $pid 2>>"$BATS_TEST_TMPDIR/out"; do
		now=$(pgrep -cP $pid)
		((now > most)) && most=$now
		sleep 0.01
	done
	echo $most
}

@test "cases of stress and tsan run alone, and explore's share the cores" {
	[ "$(most_at_once stress)" -eq 1 ]
	[ "$(most_at_once tsan)" -eq 1 ]
	[ "$(nproc)" -eq 1 ] || [ "$(most_at_once explore)" -gt 1 ]
	[ "$(most_at_once explore)" -le "$(nproc)" ]
}

@test "progress shows how much time is left" {
	on_fixtures run effort/correct canary/correct_lock claims/may_see_nothing --engine stress \
		--budget 700ms --show-progress=bar --db "$BATS_TEST_TMPDIR/snarl.db"
	grep -qE '\[[0-9]+/[0-9]+, [0-9]+ s left\]' <<<"$stderr"
}
