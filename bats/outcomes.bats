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

# misuse NAME SOURCE [MEMBER [ACTORS]]: a scenario whose first actor, check and set-up, in line 7, are
# what SOURCE defines; it is declared in line 9
misuse() {
	cat >"$BATS_TEST_TMPDIR/$1.c" <<-C
		#include <snarl.h>
		#include <stddef.h>
		#define ACTOR(...) static void alice(void *state, struct snarl_actor *self) { (void)state; (void)self; __VA_ARGS__ }
		#define CHECK(...) static void check(void *state) { (void)state; __VA_ARGS__ }
		#define SETUP(...) static void setup(void *state) { (void)state; __VA_ARGS__ }
		struct shared { int counter; struct { int inner; }; }; struct other { int counter, more; };
		$2
		static void bob(void *state, struct snarl_actor *self) { struct shared *shared = state; struct other other; (void)self; shared->inner = (int)sizeof other; }
		const struct snarl_scenario scenario = {.state_size = sizeof(struct shared), .setup = setup, .check = check,
			.actors = ${4:-{{\"alice\", alice\}, {\"bob\", bob\}\}}, $3};
	C
}

# errors: the misuses are ERRORs in all engines; standard input has NAME LINE REMEDY for each of them
errors() {
	export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
	snarl run "$BATS_TEST_TMPDIR/" --budget 200ms --json --show-progress=never
	echo "$output"
	[ "$status" -eq 3 ]
	while read -r name line remedy; do
		echo "$name"
		[ "$(field "| select(.variant == \"$name\") | .outcome + \" \" + (.could_not_run | tostring)" | uniq -c | xargs)" = "3 ERROR true" ]
		[ "$(field "| select(.variant == \"$name\").message" | grep -cE "(^|/)$name\.c:$line: .*: .*$remedy")" -eq 3 ]
	done
	[ "$(field '| select(.outcome != "ERROR").variant')" = "" ]
}

# bats test_tags=shares-cores
@test "a scenario that misuses a function of snarl.h is an ERROR with the line and the remedy, in every engine" {
	put='snarl_ledger_put(self, snarl_item_next(self), 0);'
	down='static void down(void *state) { (void)state; snarl_skip("not here"); }'
	misuse fails 'ACTOR(snarl_fail(SNARL_HANG, "x");) CHECK() SETUP()'
	misuse process 'ACTOR(snarl_fail(SNARL_HANG, "x");) CHECK() SETUP()' '.isolation = SNARL_PROCESSES'
	misuse setup 'ACTOR() CHECK() SETUP(snarl_expect_eq(SNARL_HANG, 1, 2, "x");)'
	misuse skips 'ACTOR(snarl_skip("not here");) CHECK() SETUP()'
	misuse skips_late "ACTOR() CHECK() SETUP() $down" '.teardown = down'
	misuse logs "ACTOR($put) CHECK() SETUP()"
	misuse many "ACTOR($put $put $put) CHECK() SETUP()" '.ledger_items = 2'
	misuse nobody 'ACTOR(snarl_ledger_take(NULL, 1, 0);) CHECK() SETUP()' '.ledger_items = 2'
	misuse item 'ACTOR(snarl_item_next(NULL);) CHECK() SETUP()' '.ledger_items = 2'
	misuse ledger 'ACTOR() CHECK(snarl_ledger_check();) SETUP()'
	misuse kind 'ACTOR() CHECK(snarl_fail(0, "x");) SETUP()'
	misuse kind_equal 'ACTOR() CHECK(snarl_expect_eq(1u << 30, 1, 1, "x");) SETUP()'
	misuse value 'ACTOR() CHECK(snarl_expect_eq(SNARL_HANG, 1, 1, NULL);) SETUP()'
	misuse name 'ACTOR(snarl_name("x");) CHECK() SETUP()'
	misuse word 'ACTOR() CHECK() SETUP(snarl_path(NULL);)' '.isolation = SNARL_PROCESSES'
	misuse point 'ACTOR(SNARL_POINT("a b:c");) CHECK() SETUP()'
	misuse no_point 'ACTOR(SNARL_POINT(NULL);) CHECK() SETUP()'
	errors <<-END
		fails 7 call it only from the scenario's .check
		process 7 call it only from the scenario's .check
		setup 7 call it only from the scenario's .check
		skips 7 call it only from the scenario's .setup
		skips_late 7 call it only from the scenario's .setup
		logs 7 set .ledger_items
		many 9 raise .ledger_items, which is 2
		nobody 7 hand on the actor's
		item 7 hand on the actor's
		ledger 7 set .ledger_items
		kind 7 use one of enum snarl_kind
		kind_equal 7 use one of enum snarl_kind
		value 7 give it one
		name 7 set .isolation = SNARL_PROCESSES
		word 7 use 1 to 23 characters
		point 9 use letters
		no_point 9 use letters
	END
}

# bats test_tags=shares-cores
@test "a declaration that cannot be meant is an ERROR with the line and the remedy, in every engine" {
	none='ACTOR() CHECK() SETUP()'
	misuse observes "$none" '.observe = {"counter", "countr"}'
	misuse observes_path "$none" '.observe = {"counter[0]"}'
	misuse observes_gap "$none" '.observe = {"counter", NULL, "inner"}'
	misuse race_in "$none" '.expect = {.bug = SNARL_DATA_RACE, .race_in = "alcie"}'
	misuse race_of_correct "$none" '.expect = {.race_in = "alice"}'
	misuse cycle "$none" '.expect = {.bug = SNARL_DEADLOCK, .cycle = "alice, bob"}'
	misuse cycle_stranger "$none" '.expect = {.bug = SNARL_DEADLOCK, .cycle = "carol -> a -> carol"}'
	misuse cycle_of_none "$none" '.expect = {.bug = SNARL_LOST_UPDATE, .cycle = "bob -> a -> bob"}'
	misuse kind "$none" '.expect = {.bug = 1u << 25}'
	misuse kind_engine "$none" '.expect = {.bug = SNARL_HANG, .stress = {.bug = 1u << 25}}'
	misuse detection "$none" '.expect = {.bug = SNARL_HANG, .tsan = {.detection = 9, .why = "x"}}'
	misuse why "$none" '.expect = {.bug = SNARL_HANG, .tsan = SNARL_BLIND("")}'
	misuse no_actors "$none static void *use[] __attribute__((used)) = {alice};" '' '{{NULL, NULL}}'
	misuse actors_gap "$none" '' '{{"alice", alice}, {NULL, NULL}, {"bob", bob}}'
	misuse no_function "$none" '' '{{"alice", alice}, {"bob", NULL}}'
	misuse no_name "$none" '' '{{"alice", alice}, {NULL, bob}}'
	misuse one_name "$none" '' '{{"alice", alice}, {"alice", bob}}'
	misuse isolation "$none" '.isolation = 7'
	misuse started "$none" '.started = setup'
	misuse rule "$none" '.inject = {"put/checked:frob"}'
	misuse rule_gap "$none" '.inject = {NULL, "put/checked:delay"}'
	misuse ledger "$none" '.ledger_items = 1u << 30'
	errors <<-END
		observes 9 name a member
		observes_path 9 name a member
		observes_gap 9 move it to entry 2
		race_in 9 name the one that has the racing access
		race_of_correct 9 set it to what goes wrong
		cycle 9 begin and end it with one actor's name
		cycle_stranger 9 begin and end it with one actor's name
		cycle_of_none 9 add SNARL_DEADLOCK
		kind 9 use those of enum snarl_kind
		kind_engine 9 use those of enum snarl_kind
		detection 9 use one of enum snarl_detection
		why 9 set .why
		no_actors 9 give each actor a name and a function
		actors_gap 9 remove it or give it one
		no_function 9 remove it or give it one
		no_name 9 give it one
		one_name 9 give each a name of its own
		isolation 9 use one of enum snarl_isolation
		started 9 set .isolation = SNARL_PROCESSES
		rule 9 valid: delay
		rule_gap 9 move it to entry 1
		ledger 9 at most 1024
	END
}

@test "a bug that nothing reports is an ERROR of the engines that must see it" {
	misuse unseen 'ACTOR() SETUP() enum { check = 0 };' '.expect = {.bug = SNARL_LOST_UPDATE, .tsan = SNARL_BLIND("x")}'
	sed -i 's/enum { check = 0 };//; s/\.check = check,//' "$BATS_TEST_TMPDIR/unseen.c"
	export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
	snarl run "$BATS_TEST_TMPDIR/unseen.c" --budget 200ms --json --show-progress=never
	echo "$output"
	[ "$status" -eq 3 ]
	[ "$(field '| .engine + " " + .outcome' | sort | xargs)" = "explore ERROR stress ERROR tsan blind" ]
	[ "$(field message | grep -c "add a .check")" -eq 2 ]
}

@test "a rule in .inject that matches no point is an ERROR" {
	misuse matches 'ACTOR() CHECK() SETUP()' '.inject = {"put/checked:delay"}'
	export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
	snarl run "$BATS_TEST_TMPDIR/matches.c" --engine stress --budget 200ms --json --show-progress=never
	[ "$status" -eq 3 ]
	[ "$(field outcome)" = ERROR ]
	grep -qE 'matches\.c:9: .*snarl points' <<<"$(field message)"
}

@test "members are observed by their names in C: in unnamed structs, and whichever struct has the state's size" {
	misuse observes 'ACTOR() CHECK(snarl_fail(SNARL_HANG, "x");) SETUP(*(int *)state = 3;)' '.observe = {"counter", "inner"}'
	sed -i 's/struct shared {\(.*\) struct other {\(.*\)};/struct other {\2}; struct shared {\1/' "$BATS_TEST_TMPDIR/observes.c"
	export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
	snarl run "$BATS_TEST_TMPDIR/observes.c" --budget 200ms --json --show-progress=never --db "$BATS_TEST_TMPDIR/snarl.db"
	echo "$output"
	[ "$(field outcome | uniq -c | xargs)" = "3 FOUND" ]
	[ "$(query "SELECT DISTINCT json_extract(detail, '\$.observed') FROM result")" = \
		'[{"name":"counter","value":"3"},{"name":"inner","value":"8"}]' ]
}
