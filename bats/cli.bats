#!/usr/bin/env bats
# The command line: what it lists, what it refuses and how, and what goes to which stream.
# bats file_tags=cli, shares-cores

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
		args=() # campaign hands options on to run
		[ "$command" != campaign ] || args=(--parallel --shards 2 --dir "$BATS_TEST_TMPDIR/campaign")
		snarl "$command" "${args[@]}" --no-such-option
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

@test "--version prints the package's version" {
	snarl --version
	[ "$status" -eq 0 ]
	[ "$output" = "snarl $(sed -n '1s/.*(\(.*\)).*/\1/p' "$ROOT/debian/changelog")" ]
}

@test "help COMMAND prints what COMMAND --help prints" {
	for command in $(commands); do
		snarl help "$command"
		[ "$status" -eq 0 ]
		[ "$output" = "$("$SNARL" "$command" --help)" ]
	done
}

@test "a mistyped word is refused with the one that was meant" {
	while read -r meant words; do
		echo "$words"
		# shellcheck disable=SC2086 # a command with its arguments
		snarl $words
		refused 2
		has "did you mean '$meant'?" "$stderr"
	done <<-END
		run rnu
		diff help dif
		counter run conter
		counter/unsynchronised run counter/unsynchronized
		counter/unsynchronised points unsynchronised
		stress run counter --engine strss
		dfs run counter --strategy dsf
		delays run counter --profile delay
		long run counter --effort lnog
		--budget run counter --bugdet 1s
		never list --color nevr
	END
}

@test "globs and --filter choose variants; what they do not choose is refused" {
	snarl list 'counter/correct_*' --cases
	[ "$status" -eq 0 ]
	[ "$(cut -d ' ' -f 1 <<<"$output" | sort -u)" = \
		"$(variants | grep '^counter/correct_')" ]
	snarl run counter --filter 'lock*side' --engine stress --executions 10 --json --db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$(field variant)" = lock_per_side ]
	snarl run 'no_such*' --db "$BATS_TEST_TMPDIR/snarl.db"
	refused 2
	snarl run counter --filter no_such --db "$BATS_TEST_TMPDIR/snarl.db"
	refused 4
}

# many OPTION...: run cases of the fixtures of which some are not as expected
many() {
	on_fixtures run claims --engine explore --db "$BATS_TEST_TMPDIR/snarl.db" "$@"
}

@test "with many cases the failures are printed once more at the end, then the slowest, then the page" {
	many
	[ "$status" -eq 1 ]
	end=$(sed -n '/^[0-9]* failed:$/,$p' <<<"$output")
	has "MISSED claims/wrong_kind explore lost-update" "$end"
	has "counter is 2, expected 3" "$end"
	grep -qE '^ +replay: .*snarl replay explore\.claims\.wrong_kind\.' <<<"$end"
	pages=$(sed -n 's/^ *page: //p' <<<"$end")
	[ "$(wc -l <<<"$pages")" -eq "$(sed -n 's/^\([0-9]*\) failed:$/\1/p' <<<"$end")" ]
	for page in $pages; do
		[ -s "$page" ]
	done
	grep -qE '^ +[0-9.]+ s  claims/[a-z_]+ explore$' <<<"$end"
	grep -qE '^[0-9]+ of [0-9]+ cases: .* in [0-9.]+ s$' <<<"$end"
	[ -s "$(sed -n '$s/^report: //p' <<<"$end")" ]
}

@test "--rerun-failed runs those that failed, and --fail-fast one of them" {
	many --json
	failed=$(field '| select(.outcome | IN("MISSED", "FALSE ALARM")).variant' | sort)
	[ "$(wc -l <<<"$failed")" -gt 1 ]
	many --rerun-failed --json
	[ "$(field variant | sort)" = "$failed" ]
	many --rerun-failed --fail-fast --jobs 1 --json
	[ "$status" -eq 1 ]
	[ "$(wc -l <<<"$output")" -eq 1 ]
	many --rerun-failed --filter may_see_nothing
	refused 4
}

@test "-q prints only what is not as expected, -v everything" {
	many -q --filter may_see_nothing
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	many -q
	[ "$status" -eq 1 ]
	lacks caught "$(grep -v ' cases: ' <<<"$output")"
	has MISSED
	many -v
	[ "$(grep -c 'interleaving: ' <<<"$output")" -gt 4 ]
	many -q -v
	refused 2
}

@test "pages that cannot be written make the exit status 3, and --out names another folder" {
	touch "$BATS_TEST_TMPDIR/file"
	many --filter wrong_kind --out "$BATS_TEST_TMPDIR/file/pages"
	[ "$status" -eq 3 ]
	has "--out" "$stderr"
	many --filter wrong_kind --out "$BATS_TEST_TMPDIR/pages"
	[ "$status" -eq 1 ]
	[ "$(sed -n 's/^report: //p' <<<"$output")" = "$BATS_TEST_TMPDIR/pages/claims-wrong_kind-explore.html" ]
}

@test "--open shows the page of the failure in the browser" {
	printf '#!/bin/sh\necho "$1" >%q\n' "$BATS_TEST_TMPDIR/opened" >"$BATS_TEST_TMPDIR/browser"
	chmod +x "$BATS_TEST_TMPDIR/browser"
	BROWSER=$BATS_TEST_TMPDIR/browser many --filter wrong_kind --open
	for _ in {1..50}; do
		[ -s "$BATS_TEST_TMPDIR/opened" ] && break
		sleep 0.1
	done
	[ "$(cat "$BATS_TEST_TMPDIR/opened")" = "$(sed -n 's/^report: //p' <<<"$output")" ]
}

# Replay lines and paths are copied as a whole, so they are never broken.
too_wide() {
	sed 's/\x1b\[[0-9;]*[mK]//g; s/\r//g' | grep -vE '^ *(replay|page|report): ' | grep -E '^.{81,}'
}

@test "no line is wider than 80 columns: in a pipe, on a terminal, without colours" {
	export LC_ALL=C.UTF-8 SNARL_BUILD=$FIXTURES
	args=("$SNARL" run claims ledger chance --budget 100ms --db "$BATS_TEST_TMPDIR/snarl.db")
	run "${args[@]}" --show-progress=never
	[ "$(wc -l <<<"$output")" -gt 40 ]
	[ -z "$(too_wide <<<"$output")" ]
	for color in NO_COLOR= NO_COLOR=1; do
		run script -qec "stty cols 80; $(printf '%q ' env TERM=xterm "$color" "${args[@]}" --show-progress=never)" /dev/null
		[ "$(wc -l <<<"$output")" -gt 40 ]
		[ -z "$(too_wide <<<"$output")" ]
	done
	unset SNARL_BUILD
	for command in help $(commands | sed 's/^/help /; s/ /_/'); do
		run "$SNARL" ${command/_/ }
		[ -z "$(too_wide <<<"$output")" ]
	done
}

@test "diff shows a broken variant beside the nearest correct one" {
	snarl diff counter/unsynchronised
	[ "$status" -eq 0 ]
	has "--- scenarios/counter/unsynchronised.c"
	has "+++ scenarios/counter/correct_"
	has $'-\tint register1 = shared->counter;'
	line=$(sed -n 's/^@@ -\([0-9]*\),.*/\1/p' <<<"$output" | head -n 1)
	hunk=$(sed -n '/^@@/,/^@@ .*@@$/{/^@@/d;/^+/d;s/^[- ]//;p}' <<<"$output" | head -n 1)
	[ "$(sed -n "${line}p" "$ROOT/scenarios/counter/unsynchronised.c")" = "$hunk" ]
	snarl diff counter/correct_mutex
	refused 2
}

@test "prune removes old runs, says which, and keeps the newest result of every case" {
	many --json
	many --filter wrong_kind --json
	many --filter wrong_kind --json
	many --filter wrong_kind --json
	snarl prune --keep 1 --dry-run --db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$status" -eq 0 ]
	[ "$(grep -c '^would remove run [23] ' <<<"$output")" -eq 2 ]
	[ "$(query 'SELECT count(*) FROM run')" -eq 4 ]
	snarl prune --keep 1 --db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$(grep -c '^removed run [23] of .*, 1 case$' <<<"$output")" -eq 2 ]
	[ "$(query 'SELECT group_concat(run) FROM (SELECT run FROM run ORDER BY run)')" = 1,4 ]
	[ "$(query 'PRAGMA integrity_check')" = ok ]
	[ "$(query 'SELECT count(*) FROM source WHERE hash NOT IN (SELECT hash FROM text)')" -eq 0 ]
}
