#!/usr/bin/env bats
# snarl bench detection: who sees what, how fast; and the foreign detectors.

load helpers

BROKEN=canary/lock_that_does_nothing

setup_file() {
	load helpers
	SNARL_BUILD=$FIXTURES "$SNARL" bench detection "$BROKEN" --runs 2 --budget 3s --json \
		--db "$BATS_FILE_TMPDIR/snarl.db" >"$BATS_FILE_TMPDIR/cells"
}

setup() {
	DB=$BATS_TEST_TMPDIR/snarl.db
	RESULTS=$BATS_TEST_TMPDIR/bench-detection.json
}

# cells FILTER: of the stored cells, those that the jq filter selects
cells() {
	jq -c ".cells[] | select($1)" "$RESULTS"
}

# A foreign detector needs its compiler, and valgrind's need valgrind.
foreign_or_skip() {
	case $1 in
	helgrind | drd) { command -v valgrind && command -v gcc; } >/dev/null || skip "there is no valgrind, or no gcc" ;;
	gcc-tsan) echo 'int main;' | gcc -fsanitize=thread -x c - -o "$BATS_TEST_TMPDIR/probe" 2>/dev/null ||
		skip "there is no gcc with ThreadSanitizer" ;;
	esac
}

# foreign_events TOOL FIXTURE: the events of a fixture under a tool, for half a second
foreign_events() {
	local flags="-O1 -g" compiler=gcc
	[[ $1 != *-tsan ]] || flags+=" -fsanitize=thread"
	[[ $1 != clang-* ]] || compiler=${1%-tsan}
	# shellcheck disable=SC2086 # several flags
	"$compiler" -std=gnu11 $flags -I"$BUILD/kit" "$ROOT/bats/fixtures/$2.c" "$BUILD/kit/foreign.a" \
		-o "$BATS_TEST_TMPDIR/case" -ljansson -pthread
	setarch -R timeout 20 "$BATS_TEST_TMPDIR/case" --plan "$(jq -nc --arg tool "$1" '
		{scenario: "a", variant: "b", engine: $tool, seed: 1, executions: 0, first: 0, budget_ms: 500,
			effort_executions: 0, effort_ms: 0, arm: -1, keep_going: false, commands: false, rules: []}')" \
		--events 1 >"$BATS_TEST_TMPDIR/events" 2>"$BATS_TEST_TMPDIR/errors" || true
	cat "$BATS_TEST_TMPDIR/events" "$BATS_TEST_TMPDIR/errors"
}

@test "detection counts the runs that saw a bug, and the time until they did" {
	RESULTS=$BATS_FILE_TMPDIR/bench-detection.json
	for engine in stress tsan explore; do
		jq -es --arg name "detection/$engine/none/$BROKEN" 'map(select(.name == $name)) | length == 1 and
			(.[0] | .seen == 2 and .runs == 2 and .value == 1 and .median_s > 0 and .median_s < .budget_s + 1 and
			.low > 0.3 and .low < 0.4 and .high == 1)' "$BATS_FILE_TMPDIR/cells"
	done
	[ "$(cells '.engine == "explore" and .setting == "none"' | jq '.times | length')" -eq 2 ]
	[ "$(cells '.engine == "explore" and .setting == "delays"' | wc -l)" -eq 1 ]
}

# bats test_tags=shares-cores
@test "detection of other cases is added to what is stored, and the same again replaces it" {
	on_fixtures bench detection "$BROKEN" --runs 1 --budget 1s --json --db "$DB"
	on_fixtures bench detection ledger/loses_one --runs 1 --budget 1s --json --db "$DB"
	on_fixtures bench detection "$BROKEN" --runs 3 --budget 1s --json --db "$DB"
	[ "$(jq '[.cells[] | [.scenario, .variant, .engine, .setting]] | length == (unique | length)' "$RESULTS")" = true ]
	[ "$(cells '.engine == "explore" and .setting == "none"' | jq -c '[.scenario, (.times | length)]' | sort |
		tr '\n' ' ')" = '["canary",3] ["ledger",1] ' ]
}

@test "a bug that is not there is seen in no run" {
	on_fixtures bench detection claims/claims_a_bug_it_does_not_have --runs 2 --budget 200ms --json --db "$DB"
	[ "$status" -eq 0 ]
	jq -es 'map(select(.runs > 0)) | length > 0 and all(.[]; .seen == 0 and .low == 0 and .median_s == null)' <<<"$output"
}

@test "detection refuses an unknown case, no runs, and correct variants alone" {
	on_fixtures bench detection nothing/like_it --db "$DB"
	refused 2
	on_fixtures bench detection "$BROKEN" --runs 0 --db "$DB"
	refused 2
	on_fixtures bench detection canary/correct_lock --db "$DB"
	[ "$status" -eq 4 ]
	[ ! -e "$RESULTS" ]
}

@test "the report has a page of detection, and its index a link to it" {
	on_fixtures run "$BROKEN" --engine explore --show-progress=never --db "$DB"
	on_fixtures report --db "$DB" --out "$BATS_TEST_TMPDIR/report"
	[ ! -e "$BATS_TEST_TMPDIR/report/detection.html" ]
	on_fixtures bench detection "$BROKEN" --runs 1 --json --db "$DB"
	# Names as a damaged file may have them.
	jq '.cells += [.cells[0] | .scenario = "<script>alert(1)</script>" | .engine = "<i>hostile", .times = ["x"]]' \
		"$RESULTS" >"$RESULTS.new"
	mv "$RESULTS.new" "$RESULTS"
	on_fixtures report --db "$DB" --out "$BATS_TEST_TMPDIR/report"
	[ "$status" -eq 0 ]
	page=$(cat "$BATS_TEST_TMPDIR/report/detection.html")
	has "href='detection.html'" "$(cat "$BATS_TEST_TMPDIR/report/index.html")"
	has "$BROKEN</a>" "$page"
	has "1/1" "$page"
	lacks "<script>" "$page"
	lacks "<i>hostile" "$page"
}

# foreign_sees TOOL: it sees the broken fixture in all runs
foreign_sees() {
	foreign_or_skip "$1"
	grep "detection/$1/none/$BROKEN" "$BATS_FILE_TMPDIR/cells"
	jq -es --arg name "detection/$1/none/$BROKEN" 'any(.[]; .name == $name and .seen == 2)' "$BATS_FILE_TMPDIR/cells"
}

# foreign_sees_nothing TOOL: in the correct fixture; these detectors need no luck
foreign_sees_nothing() {
	foreign_or_skip "$1"
	foreign_events "$1" canary/correct_lock
	jq -es '(map(.type) | index("race") | not) and (.[-1] | .type == "end" and .executions > 0)' "$BATS_TEST_TMPDIR/events"
}

@test "helgrind sees the race of a lock that does nothing" {
	foreign_sees helgrind
}

@test "helgrind sees nothing in the same with a lock" {
	foreign_sees_nothing helgrind
}

@test "drd sees the race of a lock that does nothing" {
	foreign_sees drd
}

@test "drd sees nothing in the same with a lock" {
	foreign_sees_nothing drd
}

@test "gcc-tsan sees the race of a lock that does nothing" {
	foreign_sees gcc-tsan
}

@test "gcc-tsan sees nothing in the same with a lock" {
	foreign_sees_nothing gcc-tsan
}

# The engine's name of clang-tsan here: with a version if there is another clang than the engine tsan's
clang_tsan() {
	jq -r .name "$BATS_FILE_TMPDIR/cells" | cut -d/ -f2 | grep -xE 'clang(-[0-9]+)?-tsan' | sort -u
}

@test "clang-tsan sees the race of a lock that does nothing" {
	foreign_sees "$(clang_tsan)"
}

@test "clang-tsan sees nothing in the same with a lock" {
	foreign_sees_nothing "$(clang_tsan)"
}

# clang_fake VERSION RUNTIME: a clang-VERSION on the path, which says that ThreadSanitizer's runtime is there
clang_fake() {
	mkdir -p "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\ncase $1 in -print-file-name=*) echo %s ;; *) exec clang "$@" ;; esac\n' "$2" \
		>"$BATS_TEST_TMPDIR/bin/clang-$1"
	chmod +x "$BATS_TEST_TMPDIR/bin/clang-$1"
}

@test "clang-tsan is the newest clang with a runtime besides that of tsan, and has its version in its name" {
	clang_fake 97 "$ROOT/Makefile"
	clang_fake 98 "$ROOT/Makefile"
	clang_fake 99 libclang_rt.tsan.a
	PATH=$BATS_TEST_TMPDIR/bin:$PATH on_fixtures bench detection "$BROKEN" --runs 1 --budget 2s --json --db "$DB"
	grep -F "detection/clang-98-tsan/none/$BROKEN" <<<"$output"
	jq -es --arg name "detection/clang-98-tsan/none/$BROKEN" 'any(.[]; .name == $name and .seen == 1)' <<<"$output"
	[ "$(jq -r .name <<<"$output" | cut -d/ -f2 | grep -c '^clang')" -eq "$(jq -r .name <<<"$output" | grep -c '/clang-98-tsan/')" ]
	# No other clang: that of the engine tsan.
	version=$(clang -dumpversion)
	mkdir "$BATS_TEST_TMPDIR/few"
	for tool in sh clang ld uname; do ln -s "$(type -P "$tool")" "$BATS_TEST_TMPDIR/few"; done
	ln -s "$(type -P clang)" "$BATS_TEST_TMPDIR/few/clang-${version%%.*}"
	PATH=$BATS_TEST_TMPDIR/few "$(type -P env)" SNARL_BUILD="$FIXTURES" "$SNARL" bench detection "$BROKEN" --runs 1 \
		--budget 2s --json --db "$DB" >"$BATS_TEST_TMPDIR/cells"
	grep -F "detection/clang-tsan/none/$BROKEN" "$BATS_TEST_TMPDIR/cells"
}

@test "what a foreign detector reports are events as their schema says" {
	foreign_or_skip helgrind
	foreign_events helgrind canary/lock_that_does_nothing
	jq -es 'any(.[]; .type == "race" and (.accesses | length == 2) and .accesses[0].place.state_offset == 0)' \
		"$BATS_TEST_TMPDIR/events"
	run python3 "$ROOT/bats/validate.py" "$ROOT/harness/protocol/events.schema.json" "$BATS_TEST_TMPDIR/events"
	echo "$output"
	[ "$status" -ne 77 ] || skip "there is no jsonschema for Python"
	[ "$status" -eq 0 ]
}

@test "a scenario of processes is skipped for foreign detectors, with the reason" {
	foreign_or_skip gcc-tsan
	on_fixtures bench detection processes/dies --runs 1 --budget 300ms --json --db "$DB"
	jq -es 'map(select(.name | startswith("detection/gcc-tsan/none/"))) | length == 1 and
		(.[0].skipped | contains("processes"))' <<<"$output"
}
