#!/usr/bin/env bats
# The command line: what it lists, what it refuses and how, and what goes to which stream.
# bats file_tags=cli

load helpers

commands() {
	"$SNARL" help | sed -n 's/^  \([a-z]*\)  *[A-Z].*/\1/p'
}

variants() { # of the tree: SCENARIO/VARIANT, sorted
	(cd "$ROOT/scenarios" && printf '%s\n' */*.c) | sed 's/\.c$//' | sort
}

@test "help names the commands of the contract on stdout" {
	snarl help
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	for command in list run points replay report bench; do
		grep -q "^  $command " <<<"$output"
	done
	for code in 0 1 2 3 4 77 130; do
		grep -qw "$code" <<<"$output"
	done
}

@test "--help and -h print the help" {
	snarl help
	help=$output
	for word in --help -h; do
		snarl "$word"
		[ "$status" -eq 0 ]
		[ "$output" = "$help" ]
	done
}

@test "every command has its own help" {
	[ "$(commands | wc -l)" -ge 6 ]
	for command in $(commands); do
		snarl "$command" --help
		[ "$status" -eq 0 ]
		[ -z "$stderr" ]
		has "usage: snarl $command"
		has "--color"
		has "--show-progress"
	done
}

@test "run's help names every profile and engine there is" {
	snarl run --help
	for profile in "$ROOT"/injectors/profiles/*; do
		grep -qw "${profile##*/}" <<<"$output"
	done
	for engine in stress tsan; do
		grep -qw "$engine" <<<"$output"
	done
}

@test "without a command, help goes to stderr and the exit status is 2" {
	snarl
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	has "usage: snarl" "$stderr"
}

@test "an unknown command lists the valid ones" {
	snarl explode
	refused 2
	for command in list run points replay report; do
		has " $command" "$stderr"
	done
}

@test "list names every variant of the tree, and no other" {
	snarl list --json
	[ "$status" -eq 0 ]
	diff <(field '| .scenario + "/" + .variant' | sort) <(variants)
	snarl list
	[ "$status" -eq 0 ]
	for variant in $(variants); do
		grep -q "^${variant%/*}$" <<<"$output"
		grep -q "^  ${variant#*/} " <<<"$output"
	done
}

@test "list --json describes each variant completely" {
	snarl list --json
	jq -es 'all(.[]; .v == 1 and .type == "variant" and (.summary | length > 0)
		and (.actors | length > 0) and (.points | type == "array")
		and (.expect | has("bug") and has("stress") and has("tsan") and has("explore"))
		and ((.variant | startswith("correct")) == (.expect.bug == "clean")))' <<<"$output"
}

@test "list takes a scenario or a variant" {
	snarl list counter --json
	[ "$(field scenario | sort -u)" = counter ]
	snarl list counter/unsynchronised --json
	[ "$(field variant)" = unsynchronised ]
}

@test "list of an unknown scenario is refused with the valid ones" {
	snarl list no_such_thing
	refused 2
	has " counter" "$stderr"
}

@test "points lists a variant's points with their places" {
	snarl points counter/unsynchronised
	[ "$status" -eq 0 ]
	line=$(grep -n 'SNARL_POINT("produce/loaded")' "$ROOT/scenarios/counter/unsynchronised.c")
	has "scenarios/counter/unsynchronised.c:${line%%:*}"
	grep -q '^produce/loaded ' <<<"$output"
	grep -q '^consume/loaded ' <<<"$output"
}

@test "points lists wrapped calls, and only those that the variant makes" {
	snarl points counter/correct_mutex --json
	[ "$status" -eq 0 ]
	field name | grep -qx posix/thread/mutex_lock
	snarl points counter/unsynchronised --json
	lacks posix/thread/mutex_lock
}

@test "points refuses a name that is not a variant" {
	snarl points counter
	refused 2
	snarl points
	refused 2
	snarl points counter/no_such_thing
	refused 2
	has " counter/unsynchronised" "$stderr"
}

@test "an unknown scenario is refused with the valid ones, and no store is made" {
	snarl run no_such_thing --db "$BATS_TEST_TMPDIR/snarl.db"
	refused 2
	for scenario in "$ROOT"/scenarios/*/; do
		has " $(basename "$scenario")" "$stderr"
	done
	[ ! -e "$BATS_TEST_TMPDIR/snarl.db" ]
}

@test "an unknown variant is refused with those of its scenario" {
	snarl run counter/no_such_thing --db "$BATS_TEST_TMPDIR/snarl.db"
	refused 2
	for file in "$ROOT"/scenarios/counter/*.c; do
		has " counter/$(basename "$file" .c)" "$stderr"
	done
	lacks bounded_buffer "$stderr"
}

@test "a part of a name is not accepted as a name" {
	for name in count counter/ counter/unsync /unsynchronised counter/unsynchronised/ ''; do
		snarl run "$name" --db "$BATS_TEST_TMPDIR/snarl.db"
		refused 2
	done
}

@test "an unknown engine is refused with the valid ones" {
	snarl run counter --engine valgrind --db "$BATS_TEST_TMPDIR/snarl.db"
	refused 2
	has " stress" "$stderr"
	has " tsan" "$stderr"
}

@test "an unknown profile is refused with the valid ones" {
	for name in no_such_thing ../profiles/delays . ''; do
		snarl run counter --profile "$name" --db "$BATS_TEST_TMPDIR/snarl.db"
		refused 2
		for profile in "$ROOT"/injectors/profiles/*; do
			has " ${profile##*/}" "$stderr"
		done
	done
}

@test "an unknown option is refused by every command" {
	for command in $(commands); do
		snarl "$command" --no-such-option
		refused 2
		has "--no-such-option" "$stderr"
		has "--help" "$stderr"
	done
}

@test "options with bad values are refused" {
	for option in --seed=x --seed=-1 --seed= --executions=1.5 --executions=99999999999999999999 \
		--jobs=0 --jobs=65 --jobs=-1 --budget=0s --budget=5 --budget=s --budget=-5s \
		--budget=5weeks --color=red --show-progress=loudly; do
		snarl run counter "$option" --db "$BATS_TEST_TMPDIR/snarl.db"
		refused 2
		has "${option%%=*}" "$stderr"
	done
}

@test "an option without its value is refused" {
	snarl run counter --seed
	refused 2
	has "--seed" "$stderr"
}

@test "--color and --show-progress list their valid values" {
	snarl list --color=red
	for word in auto always never; do
		has " $word" "$stderr"
	done
	snarl list --show-progress=loudly
	for word in auto bar plain never; do
		has " $word" "$stderr"
	done
}

@test "an unknown point is refused with the valid ones" {
	snarl run counter/unsynchronised --inject produce/no_such:delay \
		--db "$BATS_TEST_TMPDIR/snarl.db"
	refused 2
	has " produce/loaded" "$stderr"
	has " consume/loaded" "$stderr"
}

@test "an errno at a point that is not a call is refused with the calls" {
	snarl run counter/correct_mutex --inject 'change/*:errno=EINTR' \
		--db "$BATS_TEST_TMPDIR/snarl.db"
	refused 2
	has " posix/thread/mutex_lock" "$stderr"
}

@test "bad rules are refused, each with a sentence that says what is valid" {
	for rule in '' : delay produce/loaded ':delay' 'produce/loaded:' 'produce/loaded:explode' \
		'produce/loaded:errno' 'produce/loaded:errno=' 'produce/loaded:errno=EBOGUS' \
		'produce/loaded:errno=4' 'produce/loaded:delay:' 'produce/loaded:delay:p' \
		'produce/loaded:delay:p=' 'produce/loaded:delay:p=2' 'produce/loaded:delay:p=-1' \
		'produce/loaded:delay:p=nan' 'produce/loaded:delay:p=1e9' \
		'produce/loaded:delay:us=' 'produce/loaded:delay:us=x' \
		'produce/loaded:delay:us=5..1' 'produce/loaded:delay:us=1..' \
		'produce/loaded:delay:us=-1' 'produce/loaded:delay:us=1..2..3' \
		'produce/loaded:delay:us=99999999' 'produce/loaded:yield:us=5' \
		'produce/loaded:delay:nth=0' 'produce/loaded:delay:nth=-1' \
		'produce/loaded:delay:nth=99999999999' 'produce/loaded:delay:once=1' \
		'produce/loaded:delay:p=0.5,,once' 'produce/loaded:delay:often' \
		"produce/loaded:delay:p=0.$(printf '1%.0s' {1..300})"; do
		echo "rule: '$rule'"
		snarl run counter/unsynchronised --inject "$rule" --db "$BATS_TEST_TMPDIR/snarl.db"
		refused 2
		has rule "$stderr"
	done
	[ ! -e "$BATS_TEST_TMPDIR/snarl.db" ]
}

@test "too many rules are refused, not dropped" {
	many=()
	for i in {1..40}; do
		many+=(--inject "produce/loaded:delay:us=$i")
	done
	snarl run counter/unsynchronised "${many[@]}" --db "$BATS_TEST_TMPDIR/snarl.db"
	refused 2
}

@test "selecting nothing exits with 4" {
	# A build whose catalogue has the variants, but which has no program for any of them.
	mkdir -p "$BATS_TEST_TMPDIR/build/stress"
	cp "$BUILD/catalog.jsonl" "$BATS_TEST_TMPDIR/build"
	SNARL_BUILD=$BATS_TEST_TMPDIR/build snarl run counter --db "$BATS_TEST_TMPDIR/snarl.db"
	refused 4
}

@test "a missing catalogue exits with 3 and suggests make" {
	SNARL_BUILD=$BATS_TEST_TMPDIR/none snarl list
	refused 3
	has make "$stderr"
}

@test "a damaged catalogue exits with 3 and suggests make" {
	mkdir "$BATS_TEST_TMPDIR/build"
	for text in '' '{"root":"/"' '[]' '{"root":"/","folder":"scenarios"}' \
		'{"v":1,"type":"variant"}' 'not json at all'; do
		echo "$text" >"$BATS_TEST_TMPDIR/build/catalog.jsonl"
		SNARL_BUILD=$BATS_TEST_TMPDIR/build snarl list
		refused 3
		has make "$stderr"
	done
}

@test "--json prints one object per case with the contract's fields, and nothing else on stdout" {
	on_fixtures run claims/always_wrong claims/may_see_nothing --json --show-progress=bar \
		--executions 2000 --db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$status" -eq 0 ]
	[ "$(wc -l <<<"$output")" -eq $((2 * $(engines | wc -l))) ]
	jq -es 'length > 2 and all(.[]; .v == 1 and .type == "case"
		and all(has("scenario", "variant", "engine", "verdict", "expected", "outcome",
			"executions", "seconds", "first_failure_execution", "token", "message"); .)
		and (.executions | type) == "number" and (.seconds | type) == "number"
		and (.token | type) == "string" and (.message | type) == "string")' <<<"$output"
	jq -es 'all(.[]; (.verdict == "clean") == (.first_failure_execution == null)
		and (.verdict == "clean") == (.token == ""))' <<<"$output"
}

@test "a given seed is the printed seed" {
	fixture claims/may_see_nothing stress --executions 10 --seed 1234
	[ "$(field seed)" -eq 1234 ]
	fixture claims/may_see_nothing stress --executions 10 --seed 0x10
	[ "$(field seed)" -eq 16 ]
}

@test "two runs without a given seed have different seeds" {
	fixture claims/may_see_nothing stress --executions 10
	first=$(field seed)
	fixture claims/may_see_nothing stress --executions 10
	[ "$first" != "$(field seed)" ]
}

@test "--executions is kept exactly" {
	for count in 1 7 64 1000; do
		fixture claims/may_see_nothing stress --executions "$count"
		[ "$(field executions)" -eq "$count" ]
	done
}

@test "--budget is kept, except for delays by a busy machine" {
	fixture canary/correct_lock stress --budget 300ms
	[ "$status" -eq 0 ]
	jq -e '.seconds > 0.25 and .seconds < 2' <<<"$output"
}

@test "--jobs runs every case once" {
	on_fixtures run ledger --jobs 4 --executions 500 --json --db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$status" -eq 0 ]
	files=("$ROOT"/bats/fixtures/ledger/*.c)
	cases=$(($(engines | wc -l) * ${#files[@]}))
	[ "$(field '| .scenario + .variant + .engine' | sort -u | wc -l)" -eq "$cases" ]
	[ "$(wc -l <<<"$output")" -eq "$cases" ]
}

@test "a pipe gets no escape codes, except with --color=always" {
	args=(run claims/always_wrong --executions 1000 --db "$BATS_TEST_TMPDIR/snarl.db")
	on_fixtures "${args[@]}"
	lacks $'\033'
	lacks $'\033' "$stderr"
	on_fixtures "${args[@]}" --color=always
	has $'\033['
	on_fixtures "${args[@]}" --color=never
	lacks $'\033'
}

# on_terminal COMMAND...: $output has what it writes to a terminal of its own
on_terminal() {
	run script -qec "$(printf '%q ' "$@")" /dev/null
}

@test "a terminal gets a bar and colours, but no colours with NO_COLOR" {
	export SNARL_BUILD=$FIXTURES
	args=("$SNARL" run claims/may_see_nothing --engine stress --budget 700ms
		--db "$BATS_TEST_TMPDIR/snarl.db")
	on_terminal env TERM=xterm "${args[@]}"
	[ "$status" -eq 0 ]
	has $'\r\033[K'
	has "[0/1]"
	has $'\033[32mclean'
	on_terminal env TERM=xterm NO_COLOR=1 "${args[@]}"
	lacks $'\033[32m'
	has clean
}

@test "progress is plain without a terminal, and silent with --show-progress=never" {
	args=(run claims/may_see_nothing --budget 500ms --db "$BATS_TEST_TMPDIR/snarl.db")
	on_fixtures "${args[@]}"
	lacks $'\r' "$stderr"
	on_fixtures "${args[@]}" --show-progress=never
	[ -z "$stderr" ]
	on_fixtures "${args[@]}" --show-progress=bar
	has $'\r' "$stderr"
}

@test "results that cannot be written are a failure" {
	for command in "list" "help" "points counter/unsynchronised"; do
		run bash -c "'$SNARL' $command >/dev/full"
		echo "$command"
		[ "$status" -eq 3 ]
	done
}

@test "a reader that closes early ends nothing else" {
	run bash -c "'$SNARL' list | head -n 1"
	[ "$status" -eq 0 ]
	lacks "Broken pipe"
}
