#!/usr/bin/env bats
# Exports: each format is read by another tool than ours, or held against its schema.
# bats file_tags=report, shares-cores

load helpers

setup_file() {
	load helpers
	SNARL_BUILD=$FIXTURES "$SNARL" run claims canary ledger misuses misbehaves/segfaults --budget 200ms \
		--show-progress=never --db "$BATS_FILE_TMPDIR/snarl.db" >"$BATS_FILE_TMPDIR/words" || [ $? -eq 3 ]
}

setup() {
	DB=$BATS_FILE_TMPDIR/snarl.db
	OUT=$BATS_TEST_TMPDIR/out
}

# valid SCHEMA FILE...: whether the documents are as the schema says
valid() {
	local python=python3
	"$python" -c 'import jsonschema' 2>/dev/null || python=/usr/bin/python3
	run "$python" "$ROOT/bats/validate.py" "$@"
	echo "$output"
	[ "$status" -ne 77 ] || skip "there is no jsonschema for Python"
	[ "$status" -eq 0 ]
}

# exported FORMAT [ARGUMENT]...: the export of the file's store, in $OUT
exported() {
	snarl export --format "$1" --db "$DB" --out "$OUT" "${@:2}"
	echo "$stderr"
	[ "$status" -eq 0 ]
}

# hostile TEXT_SQL: the store with that text in all texts of one failing result
hostile() {
	cp "$DB" "$BATS_TEST_TMPDIR/hostile.db"
	DB=$BATS_TEST_TMPDIR/hostile.db
	query "UPDATE result SET message = $1, variant = $1, token = $1, outcome = 'MISSED'
		WHERE \"case\" = (SELECT min(\"case\") FROM result WHERE verdict <> 'clean')" "$DB"
}

# xpath EXPRESSION: its value over $OUT
xpath() {
	xmllint --xpath "$1" "$OUT"
}

# line_of NAME TEXT: the line that has the text in a fixture that misuses snarl.h
line_of() {
	grep -nF -- "$2" "$ROOT/bats/fixtures/misuses/$1.c" | cut -d: -f1
}

newest="\"case\" IN (SELECT max(\"case\") FROM result GROUP BY scenario, variant, engine)"
failing="outcome IN ('MISSED', 'FALSE ALARM', 'FOUND')"

@test "export names its formats in its help, and in the refusal of others" {
	snarl export --format nonsense --db "$DB"
	refused 2
	formats=$(sed 's/.*valid: //' <<<"$stderr")
	help=$("$SNARL" export --help)
	for format in $formats; do
		has "$format" "$help"
		exported "$format"
		[ -s "$OUT" ]
	done
	[ "$(wc -w <<<"$formats")" -ge 4 ]
	snarl export --db "$DB"
	refused 2
}

@test "export to a file that cannot be written, or from a missing store, exits with 3" {
	snarl export --format sarif --db "$DB" --out "$BATS_TEST_TMPDIR/none/log.sarif"
	refused 3
	snarl export --format sarif --db "$BATS_TEST_TMPDIR/none.db"
	refused 3
	[ ! -e "$BATS_TEST_TMPDIR/none.db" ]
}

@test "export takes scenarios and variants, and refuses those that the store lacks" {
	exported jsonl canary/lock_that_does_nothing
	[ "$(jq -r '"\(.scenario)/\(.variant)"' "$OUT" | sort -u)" = canary/lock_that_does_nothing ]
	snarl export --format jsonl --db "$DB" nothing/like_it
	refused 2
}

@test "export --run has the results of that run" {
	cp "$DB" "$BATS_TEST_TMPDIR/two.db"
	DB=$BATS_TEST_TMPDIR/two.db
	on_fixtures run canary/correct_lock --engine stress --executions 1 --show-progress=never --db "$DB"
	exported jsonl --run 2
	[ "$(jq -c '[.run, .scenario, .variant, .engine]' "$OUT")" = '[2,"canary","correct_lock","stress"]' ]
}

@test "JUnit has a testcase for every case, and counts them by what became of them" {
	exported junit
	xmllint --noout "$OUT"
	[ "$(xpath 'count(//testcase)')" -eq "$(query "SELECT count(*) FROM result WHERE $newest" "$DB")" ]
	[ "$(xpath 'count(//failure)')" -eq "$(query "SELECT count(*) FROM result WHERE $newest AND $failing" "$DB")" ]
	for what in tests:testcase failures:testcase/failure errors:testcase/error skipped:testcase/skipped; do
		[ "$(xpath "sum(//testsuite/@${what%:*})")" -eq "$(xpath "count(//testsuite/${what#*:})")" ]
		[ "$(xpath "string(/testsuites/@${what%:*})")" -eq "$(xpath "count(//${what#*:})")" ]
	done
}

@test "a misuse of snarl.h is an error in JUnit, and no failure" {
	exported junit misuses
	[ "$(xpath 'count(//error[@type="misuse"])')" -eq 6 ]
	[ "$(xpath 'count(//failure)')" -eq 0 ]
	[ "$(xpath 'string(//testsuite/@errors)')" -eq 6 ]
	run -0 xpath 'string(//testcase[starts-with(@name, "observes_no_member")][1]/error/@message)'
	[[ $output =~ misuses/observes_no_member\.c:[0-9]+:\ .*:\ name\ a\ member ]]
}

@test "a misuse of snarl.h is an error of SARIF's run, at its line, and no result" {
	exported sarif misuses
	valid "$ROOT/bats/schemas/sarif-2.1.0-rtm.5.json" "$OUT"
	jq -e '.runs[0] | (.results | length == 0) and (.invocations[0].executionSuccessful | not)' "$OUT"
	jq -r '.runs[0].invocations[0].toolExecutionNotifications[] | select(.level == "error") |
		.locations[0].physicalLocation | .artifactLocation.uri + " " + (.region.startLine | tostring)' "$OUT" >"$OUT.places"
	[ "$(sort "$OUT.places" | uniq -c | xargs)" = "3 bats/fixtures/misuses/fails_in_an_actor.c $(line_of fails_in_an_actor 'snarl_fail(') 3 bats/fixtures/misuses/observes_no_member.c $(line_of observes_no_member 'scenario = {')" ]
	exported sarif canary
	jq -e '.runs[0].invocations[0].executionSuccessful' "$OUT"
}

@test "JSON Lines have a misuse as ERROR, with its place" {
	exported jsonl misuses
	[ "$(jq -r '.outcome + " " + .verdict' "$OUT" | uniq -c | xargs)" = "6 ERROR clean" ]
	jq -es 'all(.[]; .misuse.line > 1 and (.misuse as $at | .message | startswith("\($at.file):\($at.line): ")))' "$OUT"
}

@test "JUnit's failures have the sentence and the line that replays them" {
	cp "$DB" "$BATS_TEST_TMPDIR/missed.db"
	DB=$BATS_TEST_TMPDIR/missed.db
	query "UPDATE result SET outcome = 'FALSE ALARM' WHERE variant = 'lock_that_does_nothing'" "$DB"
	exported junit canary/lock_that_does_nothing
	token=$(query "SELECT token FROM result WHERE variant = 'lock_that_does_nothing' AND engine = 'explore'" "$DB")
	[ -n "$token" ]
	run -0 xpath 'string(//testcase[contains(@name, "explore")]/failure)'
	has "replay: snarl replay $token"
	run -0 xpath 'string(//testcase[contains(@name, "explore")]/failure/@message)'
	[ -n "$output" ]
}

@test "no text makes JUnit's XML ill-formed: markup, controls, bytes that are not UTF-8" {
	hostile "'a<b>&\"''' || char(1, 27, 10, 13, 9, 0x7f, 0xfffe, 0xffff, 0x202e) || CAST(X'ff80c0' AS TEXT) || ']]>'"
	exported junit
	xmllint --noout "$OUT"
	run -0 xpath 'string(//testcase[failure][1]/failure/@message)'
	has "a<b>&\"'"
	has ']]>'
}

@test "JSON Lines are as their schema says, a line for each case" {
	exported jsonl
	[ "$(wc -l <"$OUT")" -eq "$(query "SELECT count(*) FROM result WHERE $newest" "$DB")" ]
	valid "$ROOT/reports/results.schema.json" "$OUT"
}

@test "the schema of results describes every field, of --json too" {
	exported jsonl
	on_fixtures run canary ledger --json --show-progress=never --budget 100ms --db "$BATS_TEST_TMPDIR/snarl.db"
	printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/run.jsonl"
	[ "$(jq -rs --slurpfile schema "$ROOT/reports/results.schema.json" \
		'[.[] | keys[]] | unique - ($schema[0].properties | keys) | .[]' "$OUT" "$BATS_TEST_TMPDIR/run.jsonl")" = "" ]
	valid "$ROOT/reports/results.schema.json" "$BATS_TEST_TMPDIR/run.jsonl"
}

@test "the schema refuses a line without an outcome, and one with an unknown verdict" {
	exported jsonl canary/correct_lock
	for change in 'del(.outcome)' '.verdict = "nonsense"' '.trace = [{}]'; do
		jq -c "$change" "$OUT" >"$BATS_TEST_TMPDIR/bad.jsonl"
		run valid "$ROOT/reports/results.schema.json" "$BATS_TEST_TMPDIR/bad.jsonl"
		[ "$status" -eq 1 ] || skip "there is no jsonschema for Python"
	done
}

# events_of BUILD PROGRAM: the events of a case, which runs without snarl, for half a second at most
events_of() {
	local engine=${2%%/*} rest=${2#*/} plan pid
	plan=$(jq -nc --arg engine "$engine" --arg scenario "${rest%/*}" --arg variant "${rest#*/}" '
		{$scenario, $variant, $engine, seed: 1, executions: 0, first: 0, budget_ms: 30, effort_executions: 0,
			effort_ms: 0, arm: -1, keep_going: false, commands: false, rules: ["*:yield:p=0.1"]}')
	setsid "$1/$2" --plan "$plan" --events 3 3>"$OUT.$$" >/dev/null 2>&1 </dev/null &
	pid=$!
	for _ in {1..25}; do
		kill -0 $pid 2>/dev/null || break
		sleep 0.02
	done
	kill -KILL -- -$pid 2>/dev/null # with the actors that are processes
	wait $pid
	# A line may be cut by the kill.
	jq -cR 'fromjson? // empty' "$OUT.$$"
	rm "$OUT.$$"
}

# One broken variant of each scenario with each engine, and fixtures with what those do not have.
sampled() {
	(cd "$BUILD" && for scenario in {stress,tsan,explore}/*/; do
		find "$scenario" -type f ! -name 'correct*' | sort | head -1
	done) | sed "s|^|$BUILD |"
	(cd "$FIXTURES" && printf '%s\n' {stress,tsan,explore}/{canary,claims,ledger}/* \
		{stress,tsan,explore}/misbehaves/segfaults explore/explore/{deadlock,correct_b,torn,malloc}*) | sed "s|^|$FIXTURES |"
}

@test "every event of real runs is as the schema says" {
	export OUT
	export -f events_of
	sampled | xargs -P "$(nproc)" -L 1 bash -c 'events_of "$@" >>"$OUT.events.$$"' events
	cat "$OUT".events.* >"$OUT"
	jq -r .type "$OUT" | sort | uniq -c
	# The runs have events of nearly all types, so that the schema is held against them.
	for type in engine progress snapshot outcome injection failure race stuck step shape ledger coverage crash end; do
		grep -q "\"type\":\"$type\"" "$OUT"
	done
	valid "$ROOT/harness/protocol/events.schema.json" "$OUT"
}

@test "the schema of events refuses what the checker refuses" {
	for event in '{"v":1,"type":"nonsense"}' '{"v":2,"type":"control","open":true}' '{"v":1,"type":"control"}' \
		'{"v":1,"type":"control","open":1}' '{"v":1,"type":"control","open":true,"other":1}'; do
		echo "$event" >"$OUT"
		run valid "$ROOT/harness/protocol/events.schema.json" "$OUT"
		[ "$status" -eq 1 ] || skip "there is no jsonschema for Python"
	done
	echo '{"key":"1","v":1,"type":"control","open":true}' >"$OUT"
	valid "$ROOT/harness/protocol/events.schema.json" "$OUT"
}

@test "SARIF is as the OASIS schema says" {
	exported sarif
	valid "$ROOT/bats/schemas/sarif-2.1.0-rtm.5.json" "$OUT"
	hostile "'a<b>' || char(1, 27, 10, 0x202e)"
	exported sarif
	valid "$ROOT/bats/schemas/sarif-2.1.0-rtm.5.json" "$OUT"
}

@test "a chrome trace has a slice for each step, in order, and its actors as threads" {
	exported chrome canary/lock_that_does_nothing
	steps=$(query "SELECT json_array_length(detail, '\$.trace') FROM result
		WHERE variant = 'lock_that_does_nothing' AND engine = 'explore' AND $newest" "$DB")
	[ "$steps" -gt 0 ]
	[ "$(jq '[.traceEvents[] | select(.ph == "X")] | length' "$OUT")" -eq "$steps" ]
	jq -e '[.traceEvents[] | select(.ph == "X")] | to_entries | all(.[]; .value.ts == 10 * .key and .value.dur == 8)' "$OUT"
	jq -e '[.traceEvents[] | select(.ph == "M" and .name == "thread_name") | .tid] as $named |
		all(.traceEvents[] | select(.ph == "X"); .tid as $tid | $named | index($tid))' "$OUT"
}

@test "a chrome trace has the values as counters, and each arrow's two ends within slices" {
	exported chrome
	jq -e '[.traceEvents[] | select(.ph == "C")] | length > 0 and all(.[]; .args.value | type == "number")' "$OUT"
	jq -e '[.traceEvents[] | select(.ph == "s" or .ph == "f")] | length > 0 and
		(group_by(.id) | all(.[]; length == 2 and ([.[].ph] | sort) == ["f", "s"] and
			(map({cat, name, bp, pid}) | unique | length) == 1 and .[0].bp == "e" and
			(sort_by(.ts)[0].ph == "s")))' "$OUT"
	jq -e '[.traceEvents[] | select(.ph == "X")] as $slices | all(.traceEvents[] | select(.ph == "s" or .ph == "f");
		. as $arrow | any($slices[]; .pid == $arrow.pid and .tid == $arrow.tid and
			.ts <= $arrow.ts and $arrow.ts <= .ts + .dur))' "$OUT"
}

@test "in a job of GitHub's a failure is annotated at its line, and nowhere else" {
	GITHUB_ACTIONS=true on_fixtures run claims misuses canary/correct_lock --budget 100ms --show-progress=never --db "$OUT.db"
	annotations=$(grep '^::' <<<"$output")
	[ "$(wc -l <<<"$annotations")" -eq "$(query "SELECT count(*) FROM result WHERE $failing OR outcome = 'ERROR'" "$OUT.db")" ]
	line=$(line_of fails_in_an_actor 'snarl_fail(')
	[ "$(grep -cF "fails_in_an_actor.c,line=$line,title=ERROR%3A misuses/fails_in_an_actor" <<<"$annotations")" -eq 3 ]
	while read -r annotation; do
		[[ $annotation =~ ^::error\ file=([^,:]+),line=([0-9]+),title=[^:]*%3A[^:]*::(.+)$ ]]
		[ -e "$ROOT/${BASH_REMATCH[1]}" ]
		[ "$(wc -l <"$ROOT/${BASH_REMATCH[1]}")" -ge "${BASH_REMATCH[2]}" ]
	done <<<"$annotations"
	on_fixtures run claims --budget 100ms --show-progress=never --db "$OUT.db"
	lacks '::error'
	GITHUB_ACTIONS=true on_fixtures run claims --budget 100ms --json --show-progress=never --db "$OUT.db"
	lacks '::error'
	jq -e . <<<"$output"
	has '::error' "$stderr"
}
