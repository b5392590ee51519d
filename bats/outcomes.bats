#!/usr/bin/env bats
# Verdict against expectation: the fixtures' declarations are true or false by construction, and the
# outcome and the exit code must show which.
# bats file_tags=outcomes

load helpers

# outcome_is NAME ENGINE OUTCOME STATUS [OPTION]...
outcome_is() {
	# A bug ends its case early; the longer budget is for finding it on a busy machine.
	case $3 in
	caught | "FALSE ALARM") budget=4s ;;
	*) budget=500ms ;;
	esac
	fixture "$1" "$2" --budget "$budget" "${@:5}"
	[ "$(field outcome)" = "$3" ]
	[ "$status" -eq "$4" ]
}

@test "a variant that declares a bug it does not have is MISSED by stress, with exit status 1" {
	outcome_is claims/claims_a_bug_it_does_not_have stress MISSED 1
	[ "$(field verdict)" = clean ]
	[ "$(field expected)" = lost-update ]
}

@test "a variant that declares a race it does not have is MISSED by tsan, with exit status 1" {
	outcome_is claims/claims_a_bug_it_does_not_have tsan MISSED 1
	[ "$(field verdict)" = clean ]
	[ "$(field expected)" = data-race ]
}

@test "a correct variant with a bug is a FALSE ALARM of stress, with exit status 1" {
	outcome_is claims/correct_with_a_bug stress "FALSE ALARM" 1
	[ "$(field verdict)" = lost-update ]
	[ "$(field expected)" = clean ]
	[[ $(field message) == *"; declared: correct" ]]
}

@test "a correct variant with a race is a FALSE ALARM of tsan, with exit status 1" {
	outcome_is claims/correct_with_a_bug tsan "FALSE ALARM" 1
	[ "$(field verdict)" = data-race ]
}

@test "a declared bug is caught, with exit status 0, in the first execution if every one has it" {
	outcome_is claims/always_wrong stress caught 0
	[ "$(field verdict)" = lost-update ]
	[ "$(field first_failure_execution)" -eq 0 ]
	[ "$(field message)" = "counter is 2, expected 3" ]
	[ "$(field failures)" -eq "$(field executions)" ]
}

@test "an engine that is blind as declared is blind, with exit status 0 and a reason" {
	outcome_is claims/always_wrong tsan blind 0
	has "every access is atomic" "$(field message)"
}

@test "an engine that sees more than declared has caught the bug, with exit status 0" {
	outcome_is claims/blind_yet_seen tsan caught 0
}

@test "an undeclared data race is a FALSE ALARM" {
	outcome_is claims/race_not_declared tsan "FALSE ALARM" 1
}

@test "an engine that may see a bug and does not is clean, with exit status 0" {
	outcome_is claims/may_see_nothing stress clean 0
	outcome_is claims/may_see_nothing tsan clean 0
}

@test "a race elsewhere than declared is MISSED by tsan, and caught by stress" {
	outcome_is claims/race_in_the_wrong_function tsan MISSED 1
	[ "$(field verdict)" = data-race ]
	outcome_is claims/race_in_the_wrong_function stress caught 0
}

@test "a bug of another kind than declared is MISSED, with exit status 1" {
	outcome_is claims/wrong_kind stress MISSED 1
	[ "$(field verdict)" = lost-update ]
	[ "$(field expected)" = torn-message ]
}

@test "a failure whose message is not valid text counts nevertheless" {
	outcome_is claims/says_bytes stress caught 0
	[ "$(field verdict)" = torn-message ]
}

@test "the two witnesses are distinguished" {
	fixture canary/lock_that_does_nothing tsan
	jq -e '.witnesses.tsan_reports >= 1 and .verdict == "data-race"' <<<"$output"
	fixture claims/always_wrong tsan --executions 100
	jq -e '.witnesses == {"oracle": "lost-update", "tsan_reports": 0}' <<<"$output"
}

@test "the histogram counts every execution" {
	fixture claims/always_wrong stress --executions 700
	jq -e '.executions == 700 and ([.outcomes[].count] | add) == 700
		and (.outcomes | length) == 1' <<<"$output"
	# A thousand failures are enough to know the rate.
	fixture claims/always_wrong stress --executions 100000000
	jq -e '.executions >= 1000 and ([.outcomes[].count] | add) == .executions' <<<"$output"
	[ "$(field '| .seconds < 1')" = true ]
}

@test "a case that cannot run is skipped, with exit status 77 if all are" {
	fixture processes/correct_skips_itself stress
	[ "$status" -eq 77 ]
	[ "$(field outcome)" = skipped ]
	[ -n "$(field message)" ]
	on_fixtures run processes/correct_skips_itself claims/may_see_nothing --executions 100 --json \
		--db "$BATS_TEST_TMPDIR/other.db"
	[ "$status" -eq 0 ]
	[ "$(field outcome | sort | uniq -c | xargs)" = "$(engines | wc -l) clean $(engines | wc -l) skipped" ]
}

@test "one unexpected outcome among expected ones makes the exit status 1" {
	on_fixtures run claims/may_see_nothing claims/wrong_kind --engine stress --executions 500 \
		--db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$status" -eq 1 ]
	has "1 clean, 1 MISSED"
}

@test "a failure is printed with its verdict, its replay line and where the report is" {
	on_fixtures run claims/correct_with_a_bug --engine stress --budget 4s \
		--db "$BATS_TEST_TMPDIR/snarl.db"
	has "FALSE ALARM claims/correct_with_a_bug"
	has "counter is 1, expected 2"
	grep -q 'replay: .*snarl replay stress\.claims\.correct_with_a_bug\.' <<<"$output"
	[ -s "$(sed -n 's/^ *page: //p' <<<"$output")" ]
	[ "$(sed -n 's/^report: //p' <<<"$output")" = "$(sed -n 's/^ *page: //p' <<<"$output")" ]
}

@test "the ledger reports what became of the items" {
	while read -r name kind; do
		fixture "ledger/$name" stress --executions 100
		echo "$name: $output"
		[ "$status" -eq 0 ]
		[ "$(field verdict)" = "$kind" ]
	done <<-END
		correct_all_told clean
		loses_one lost-item
		overwrites_one overwrite
		takes_one_twice duplicate-item
		takes_a_stranger torn-message
		takes_in_the_wrong_order out-of-order
	END
}

# misuse NAME SOURCE [MEMBER]: a scenario whose first actor, check and set-up are what SOURCE defines
misuse() {
	cat >"$BATS_TEST_TMPDIR/$1.c" <<-C
		#include <snarl.h>
		#define ACTOR(...) static void alice(void *state, struct snarl_actor *self) { (void)state; (void)self; __VA_ARGS__ }
		#define CHECK(...) static void check(void *state) { (void)state; __VA_ARGS__ }
		#define SETUP(...) static void setup(void *state) { (void)state; __VA_ARGS__ }
		$2
		static void bob(void *state, struct snarl_actor *self) { (void)state; (void)self; }
		const struct snarl_scenario scenario = {.state_size = 4, .setup = setup, .check = check,
			.actors = {{"alice", alice}, {"bob", bob}}, $3};
	C
}

@test "a scenario that misuses snarl.h is an ERROR with the remedy, in every engine" {
	export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
	put='snarl_ledger_put(self, snarl_item_next(self), 0);'
	misuse fails 'ACTOR(snarl_fail(SNARL_HANG, "x");) CHECK() SETUP()'
	misuse process 'ACTOR(snarl_fail(SNARL_HANG, "x");) CHECK() SETUP()' '.isolation = SNARL_PROCESSES'
	misuse setup 'ACTOR() CHECK() SETUP(snarl_expect_eq(SNARL_HANG, 1, 2, "x");)'
	misuse skips 'ACTOR(snarl_skip("not here");) CHECK() SETUP()'
	misuse logs "ACTOR($put) CHECK() SETUP()"
	misuse many "ACTOR($put $put $put) CHECK(snarl_ledger_check();) SETUP()" '.ledger_items = 2'
	misuse kind 'ACTOR() CHECK(snarl_fail(0, "x");) SETUP()'
	misuse name 'ACTOR(snarl_name("x");) CHECK() SETUP()'
	snarl run "$BATS_TEST_TMPDIR/" --budget 200ms --json
	echo "$output"
	[ "$status" -eq 3 ]
	[ "$(field '| .outcome + " " + (.could_not_run | tostring)' | sort | uniq -c | xargs)" = "24 ERROR true" ]
	while read -r name remedy; do
		echo "$name"
		[ "$(field "| select(.variant == \"$name\").message" | grep -cF "$remedy")" -eq 3 ]
	done <<-END
		fails call it only from the scenario's .check
		process call it only from the scenario's .check
		setup call it only from the scenario's .check
		skips call it only from the scenario's .setup
		logs set .ledger_items
		many raise .ledger_items, which is 2
		kind use one of enum snarl_kind
		name set .isolation = SNARL_PROCESSES
	END
}
