#!/usr/bin/env bats
# The canaries: repeated proof that the detectors work, and that the harness's own parts (points,
# rules, the ledger) hide nothing from ThreadSanitizer and add nothing to its reports.
# bats file_tags=canary

load helpers

TIMES=10

# always NAME ENGINE OUTCOME [OPTION]...: the case has this outcome in each of TIMES runs
always() {
	for ((time = 1; time <= TIMES; time++)); do
		fixture "$1" "$2" --budget 2s "${@:4}"
		echo "$time: $output"
		[ "$status" -eq 0 ]
		[ "$(field outcome)" = "$3" ]
	done
}

@test "a lock that does nothing is always caught by stress" {
	always canary/lock_that_does_nothing stress caught
}

@test "a lock that does nothing is always caught by tsan" {
	always canary/lock_that_does_nothing tsan caught
	[ "$(field verdict)" = data-race ]
}

@test "a real lock is never reported" {
	TIMES=3
	always canary/correct_lock stress clean --executions 20000
	always canary/correct_lock tsan clean --executions 5000
	always canary/correct_lock tsan clean --executions 2000 \
		--inject 'posix/thread/*:delay:p=0.1,us=1..20'
}

@test "a point without a rule between two racing accesses hides nothing" {
	always canary/point_between_races tsan caught
}

@test "rules on other points hide nothing" {
	always canary/point_between_races tsan caught --inject increment/before:yield
	always canary/point_between_races tsan caught \
		--inject increment/before:delay:p=0.5,us=1..20 --inject increment/after:yield:once
}

@test "a rule on the point itself hides nothing, by name or by wildcard" {
	always canary/point_between_races tsan caught --inject increment/between:yield
	always canary/point_between_races tsan caught --inject '*:delay:us=1..5'
}

@test "a rule that fires once in each execution hides nothing" {
	TIMES=5
	always canary/point_between_races tsan caught --inject increment/between:yield:once
	always canary/point_between_races tsan caught --inject increment/between:yield:nth=1
}

@test "the ledger adds no happens-before edge" {
	always canary/ledger_between_races tsan caught
	[ "$(field verdict)" = data-race ]
}

@test "the ledger itself is never reported" {
	TIMES=3
	always canary/correct_ledger_between tsan clean --executions 20000
	always canary/correct_ledger_between stress clean --executions 50000
}
