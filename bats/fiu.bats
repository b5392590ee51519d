#!/usr/bin/env bats
# libfiu's own tools: fiu-run determines what fails in the cases, fiu-ctrl changes that while they
# run.
# bats file_tags=inject

load helpers

setup() {
	command -v fiu-run >/dev/null && command -v fiu-ctrl >/dev/null ||
		skip "fiu-run and fiu-ctrl are not installed (fiu-utils)"
	export TMPDIR=$BATS_TEST_TMPDIR # where fiu-ctrl's pipes are
}

teardown() {
	end_all
}

# under FIU_RUN_OPTION... -- NAME ENGINE [OPTION]...: like fixture, but started by fiu-run
under() {
	local options=()
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	run --separate-stderr env SNARL_BUILD="$FIXTURES" SNARL_TEST_MARK="$BATS_TEST_TMPDIR" \
		fiu-run "${options[@]}" "$SNARL" run "$2" --engine "$3" --json \
		--show-progress=never --db "$BATS_TEST_TMPDIR/snarl.db" "${@:4}"
}

# count POINT: how often a command made the point fail
count() {
	jq -r --arg rule "$1:libfiu" '[.injections[] | select(.rule == $rule).count] | add // 0' \
		<<<"$output"
}

# begin NAME ENGINE [OPTION]...: the same in the background, and open to fiu-ctrl; waits until the
# case listens, and puts its process ID in $case_pid
begin() {
	begin_as env -- "$@" --fiu-control
}

# begin_as COMMAND... -- NAME ENGINE [OPTION]...
begin_as() {
	local starter=()
	while [ "$1" != -- ]; do
		starter+=("$1")
		shift
	done
	: >"$BATS_TEST_TMPDIR/err" # the process may be later than the first look into it
	SNARL_BUILD=$FIXTURES SNARL_TEST_MARK=$BATS_TEST_TMPDIR "${starter[@]}" "$SNARL" run "$2" \
		--engine "$3" --json --show-progress=plain --db "$BATS_TEST_TMPDIR/snarl.db" "${@:4}" \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	snarl_pid=$!
	for _ in {1..200}; do
		case_pid=$(sed -n 's/.* listens: .* \([0-9]*\)$/\1/p' "$BATS_TEST_TMPDIR/err")
		[ -z "$case_pid" ] || return 0
		sleep 0.05
	done
	cat "$BATS_TEST_TMPDIR/err"
	return 1
}

# ended: wait for what begin started; $status and $output are as after run
ended() {
	status=0
	wait "$snarl_pid" || status=$?
	output=$(cat "$BATS_TEST_TMPDIR/out")
	echo "$output"
}

pipes() {
	find "$BATS_TEST_TMPDIR" -name '*.in' -o -name '*.out'
}

@test "without a command, one read returns the whole message" {
	for engine in $(engines); do
		fixture commands/reads_once "$engine" --budget 500ms
		[ "$(field outcome)" = clean ]
		[ "$(field '| .injections | map(select(.rule | endswith("libfiu"))) == []')" = true ]
	done
}

@test "under fiu-run reads fail, so a variant that ignores that is caught, and another is clean" {
	for engine in stress tsan; do
		under -x -c 'enable_random name=posix/io/rw/read,probability=0.1,failinfo=4' -- \
			commands/reads_once "$engine"
		echo "$output"
		[ "$status" -eq 0 ]
		[ "$(field outcome)" = caught ]
		[ "$(field verdict)" = torn-message ]
		[ "$(count posix/io/rw/read)" -gt 0 ]
		under -x -c 'enable_random name=posix/io/rw/read,probability=0.1,failinfo=4' -- \
			commands/correct_reads_on "$engine" --budget 1s
		echo "$output"
		[ "$status" -eq 0 ]
		[ "$(field outcome)" = clean ]
		[ "$(count posix/io/rw/read)" -gt 0 ]
	done
}

@test "a call that both snarl and libfiu's preload wrap asks libfiu once" {
	under -x -c 'enable_random name=posix/io/rw/read,probability=0.5,failinfo=4' -- \
		commands/correct_reads_on stress --executions 2000
	[ "$(field outcome)" = clean ]
	# Each failed call is made once more: 4000 of 8000 fail, but 12000 of 16000 if libfiu is
	# asked twice.
	[ "$(count posix/io/rw/read)" -gt 3500 ]
	[ "$(count posix/io/rw/read)" -lt 4500 ]
}

@test "faults that only libfiu's preload can inject happen in the case" {
	for engine in stress tsan; do
		under -x -c 'enable_random name=posix/io/rw/read/reduce,probability=0.1' -- \
			commands/reads_once "$engine"
		echo "$output"
		[ "$(field outcome)" = caught ]
		[ "$(count posix/io/rw/read/reduce)" -gt 0 ]
		under -c 'enable_random name=posix/io/rw/read/reduce,probability=0.1' -- \
			commands/reads_once "$engine" --budget 500ms
		[ "$(field outcome)" = clean ]
	done
}

@test "a fault in a case fails neither snarl nor the case's reports" {
	for engine in stress tsan; do
		under -x -c 'enable name=*' -- commands/reads_once "$engine"
		echo "$output"
		echo "$stderr"
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		[ "$(field outcome)" = caught ]
		under -x -c 'enable name=libc/mm/*' -c 'enable name=posix/io/*' -- \
			ledger/correct_all_told "$engine" --budget 500ms
		[ "$status" -eq 0 ]
		[ "$(field outcome)" = clean ]
	done
	[ "$(query 'SELECT count(*) FROM result')" -eq 4 ]
}

@test "a point of the scenario's own takes its delay from failinfo" {
	under -c 'enable name=walk/first,failinfo=10000' -- injection/correct_three_points stress \
		--executions 64
	echo "$output"
	[ "$(count walk/first)" -eq 128 ]
	[ "$(count walk/second)" -eq 0 ]
	jq -e '.seconds > 0.3' <<<"$output" # two actors, each 64 times 10 ms
}

@test "rules and commands act together, and each is counted" {
	under -c 'enable name=walk/*' -- injection/correct_three_points stress --executions 500 \
		--inject walk/first:yield
	echo "$output"
	[ "$(count walk/first)" -eq 1000 ]
	[ "$(field '| .injections[0].rule')" = walk/first:yield ]
}

@test "tsan sees a race although both its sides ask libfiu" {
	for _ in 1 2 3; do
		under -c 'enable_random name=increment/*,probability=0.5' -- \
			canary/point_between_races tsan
		echo "$output"
		[ "$(field outcome)" = caught ]
		[ "$(field verdict)" = data-race ]
	done
}

@test "explore refuses commands, because they are not part of a schedule" {
	under -c 'enable name=walk/first' -- injection/correct_three_points explore
	[ "$status" -eq 77 ]
	[ "$(field outcome)" = skipped ]
	has "Use --inject"
}

@test "no token has the effect of commands, and the output says so" {
	under -x -c 'enable_random name=posix/io/rw/read,probability=0.1' -- commands/reads_once stress
	[ "$(field token)" = "" ]
	run env SNARL_BUILD="$FIXTURES" fiu-run -f '' -x \
		-c 'enable_random name=posix/io/rw/read,probability=0.1' "$SNARL" run \
		commands/reads_once --engine stress --db "$BATS_TEST_TMPDIR/snarl.db"
	has "replay: none"
	lacks "snarl replay"
	run "$SNARL" report --db "$BATS_TEST_TMPDIR/snarl.db" --out "$BATS_TEST_TMPDIR/report"
	[ "$status" -eq 0 ]
	grep -rqF 'posix/io/rw/read:libfiu' "$BATS_TEST_TMPDIR/report"
}

@test "an invalid command ends the case with a sentence" {
	for command in 'enable' 'enable nam=x' 'enable name=,failinfo=1' 'able name=x'; do
		under -c "$command" -- commands/reads_once stress
		echo "$command: $output"
		[ "$status" -eq 3 ]
		has "fiu-run's command '$command'"
	done
}

@test "fiu-run is refused by every command but snarl run" {
	run --separate-stderr fiu-run -x -c 'enable name=*' "$SNARL" list
	refused 2
	[ -z "$(pipes)" ]
}

@test "fiu-ctrl makes a point fail from then on" {
	for engine in stress tsan; do
		begin commands/reads_once "$engine" --budget 60s
		sleep 1
		fiu-ctrl -c 'enable_random name=posix/io/rw/read,probability=0.1,failinfo=4' "$case_pid"
		ended
		[ "$status" -eq 0 ]
		[ "$(field outcome)" = caught ]
		[ "$(count posix/io/rw/read)" -gt 0 ]
		jq -e '.first_failure_execution > 100 and .seconds > 1 and .seconds < 30' <<<"$output"
		[ -z "$(pipes)" ]
	done
}

@test "fiu-ctrl revokes a command of fiu-run" {
	for engine in stress tsan; do
		begin_as fiu-run -c 'enable name=walk/first,failinfo=10000' -- \
			injection/correct_three_points "$engine" --budget 3s
		fiu-ctrl -c 'disable name=walk/first' "$case_pid"
		ended
		[ "$(field outcome)" = clean ]
		[ "$(count walk/first)" -gt 0 ]
		[ "$(count walk/first)" -lt 2000 ]
		[ "$(field executions)" -gt 20000 ] # only 300 would fit in the time otherwise
	done
}

@test "many commands in a row, good and bad, are answered one by one" {
	begin commands/correct_reads_on stress --budget 60s
	for _ in {1..20}; do
		run fiu-ctrl -c 'enable_random name=posix/io/rw/read,probability=0.1,failinfo=4' \
			-c 'disable name=posix/io/rw/read' "$case_pid"
		[ "$status" -eq 0 ]
		[ -z "$output" ]
		run fiu-ctrl -c 'disable name=never/enabled' -c 'enable name' -c nonsense "$case_pid"
		[ "$(grep -c 'returned error' <<<"$output")" -ge 2 ]
	done
	kill -INT "$snarl_pid"
	ended
	[ "$status" -eq 130 ]
	[ -z "$(pipes)" ]
	all_gone
}

@test "without the option, a case has no pipes for fiu-ctrl" {
	run --separate-stderr env SNARL_BUILD="$FIXTURES" "$SNARL" run commands/reads_once \
		--engine stress --budget 1s --db "$BATS_TEST_TMPDIR/snarl.db"
	lacks listens "$stderr"
	[ -z "$(pipes)" ]
	under -f '' -x -- commands/reads_once stress --budget 300ms
	[ -z "$(pipes)" ]
}

@test "pipes may have a name that the user chooses" {
	begin_as fiu-run -f "$BATS_TEST_TMPDIR/mine" -- commands/reads_once stress --budget 60s
	grep -qF -- "-f $BATS_TEST_TMPDIR/mine" "$BATS_TEST_TMPDIR/err"
	[ -p "$BATS_TEST_TMPDIR/mine-$case_pid.in" ]
	[ "$(pipes | wc -l)" -eq 2 ] # snarl itself has none
	fiu-ctrl -f "$BATS_TEST_TMPDIR/mine" -c 'enable name=posix/io/rw/read,failinfo=5' "$case_pid"
	ended
	[ "$(field outcome)" = caught ]
	[ -z "$(pipes)" ]
}

@test "a case that dies or hangs leaves no pipes behind" {
	begin commands/reads_once stress --budget 60s
	kill -9 "$case_pid"
	ended
	[ "$(field verdict)" = crash ]
	[ -z "$(pipes)" ]
	for name in misbehaves/segfaults misbehaves/waits_for_ever; do
		fixture "$name" stress --fiu-control
		[ -z "$(pipes)" ]
	done
}

@test "a deadlock is proven as fast with fiu-ctrl as without" {
	fixture explore/deadlock_ab_ba stress --fiu-control
	echo "$output"
	[ "$(field verdict)" = deadlock ]
	[ -z "$(pipes)" ]
}

@test "the next run removes the pipes of a killed one, but not those of a running one" {
	begin commands/reads_once stress --budget 60s
	[ "$(pipes | wc -l)" -eq 2 ]
	kill -9 "$snarl_pid"
	wait "$snarl_pid" || true
	all_gone
	[ "$(pipes | wc -l)" -eq 2 ]
	mkfifo "$BATS_TEST_TMPDIR/fiu-ctrl-$$.in"
	touch "$BATS_TEST_TMPDIR/fiu-ctrl-1000000.in" # not a pipe
	fixture commands/reads_once stress --budget 300ms --fiu-control
	pipes
	[ "$(pipes | wc -l)" -eq 2 ]
	[ -p "$BATS_TEST_TMPDIR/fiu-ctrl-$$.in" ]
	[ -f "$BATS_TEST_TMPDIR/fiu-ctrl-1000000.in" ]
}
