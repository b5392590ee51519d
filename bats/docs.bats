#!/usr/bin/env bats
# README.md, help and catalogue agree: names are public, so all three must have the same ones.
# bats file_tags=docs, shares-cores

load helpers

README=$ROOT/README.md

# What README.md shows as code: lines of fenced blocks, and text between backticks.
code() {
	awk '/^ *```/ { fenced = !fenced; next } fenced' "$README"
	awk '/^ *```/ { fenced = !fenced; next } !fenced' "$README" | grep -o '`[^`]*`' | tr -d '`'
}

# The pieces of code that are about snarl itself: only its options, or its command, or make.
own_code() {
	code | sed 's/ #.*//' | grep -E '^ *(\$ )?(--|((build|\.)/)?snarl |make )'
}

commands() {
	"$SNARL" help | sed -n 's/^  \([a-z]*\)  *[A-Z].*/\1/p'
}

all_help() {
	"$SNARL" help
	for command in $(commands); do
		"$SNARL" "$command" --help
	done
}

@test "README.md exists and shows code" {
	[ -s "$README" ]
	[ "$(own_code | wc -l)" -ge 5 ]
}

@test "scenarios/README.md is what make docs makes, and README.md counts the scenarios" {
	"$SNARL" list --json | jq -rs --rawfile about "$ROOT/scenarios/about" -f "$ROOT/scenarios/readme.jq" |
		diff "$ROOT/scenarios/README.md" -
	grep -qw "$("$SNARL" list --json | jq -r .scenario | sort -u | wc -l) scenarios" "$README"
}

@test "README.md's table of kinds has every declared kind, with its number of variants" {
	column=3
	for engine in stress tsan explore; do # skipped cases are not counted
		"$SNARL" list --json | jq -r --arg engine $engine 'select(.expect.bug != "clean") |
			select(.expect[$engine].detection != "skipped") | .expect.bug | split("|")[]' |
			sort | uniq -c | awk '{ print $2, $1 }' >"$BATS_TEST_TMPDIR/declared"
		sed -n '/^| bug | stress | tsan | explore |/,/^$/p' "$README" | tail -n +3 |
			awk -F '|' -v column=$column 'NF > 5 && $column !~ /not run/ { print $2, $column }' |
			sed -E 's/^ *([a-z-]+) .* of ([0-9]+)\b.*/\1 \2/' | sort |
			diff - "$BATS_TEST_TMPDIR/declared"
		column=$((column + 1))
	done
}

@test "every variant that README.md runs exists, or is made by README.md itself" {
	while read -r name; do
		echo "$name"
		grep -qF "scenarios/${name%%/*}/" "$README" && [ ! -d "$ROOT/scenarios/${name%%/*}" ] && continue
		"$SNARL" list "$name" >"$BATS_TEST_TMPDIR/out"
	done < <(own_code | grep -oE "snarl (run|list|points) [a-z_]+(/[a-z_]+)?" | cut -d' ' -f3 | sort -u)
}

@test "every snarl command in README.md exists" {
	for word in $(own_code | grep -oE '(^|[ /])snarl [a-z]+' | sed 's/.*snarl //' | sort -u); do
		echo "$word"
		[ "$word" = help ] || commands | grep -qx "$word"
	done
}

@test "every command is in README.md" {
	for command in $(commands); do
		echo "$command"
		own_code | grep -qE "(^|[ /])snarl $command"
	done
}

@test "every option in README.md is in some help" {
	help=$(all_help)
	for option in $(own_code | grep -v '^ *make' | grep -oE -- '--[a-z][a-z-]*' | sort -u); do
		echo "$option"
		grep -qE -- "$option( |$)" <<<"$help"
	done
}

@test "every make target in README.md is in make help" {
	for target in $(own_code | grep -oE '^ *(\$ )?make [a-z][a-z-]*' | sed 's/.*make //' | sort -u); do
		echo "$target"
		make -s -C "$ROOT" help | grep -qE "^  make $target( |$)"
	done
}

@test "README.md and make help have the main job and the tests" {
	for target in check-races test; do
		own_code | grep -qE "make $target"
		make -s -C "$ROOT" help | grep -qE "^  make $target "
	done
}

@test "README.md, help and the man page have the same exit codes, in the same words" {
	"$SNARL" help | sed '1,/^exit status:/d' | sed -E 's/^ +//; s/ +/ /' >"$BATS_TEST_TMPDIR/codes"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/codes")" -eq 7 ]
	sed -n '/^| exit status/,/^$/p' "$README" | sed -nE 's/^\| ([0-9]+) \| (.*) \|$/\1 \2/p' |
		diff "$BATS_TEST_TMPDIR/codes" -
	"$SNARL" help --man | sed '1,/^.SH EXIT STATUS/d' | grep -v '^.TP' | sed 's/^.B //' | paste -d ' ' - - |
		diff "$BATS_TEST_TMPDIR/codes" -
}

@test "run's help has the strategies that explore has" {
	diff <("$SNARL" run --help | sed -n 's/.*--strategy //p' | tr '|' '\n') \
		<(head -n 1 "$BUILD/catalog.jsonl" | jq -r '.engines[].strategies // [] | .[]')
}

@test "README.md names every profile and every engine" {
	for name in "$ROOT"/injectors/profiles/*; do
		echo "${name##*/}"
		grep -qw "${name##*/}" "$README"
	done
	for engine in stress tsan; do
		grep -qw "$engine" "$README"
	done
}

@test "every file of the tree that README.md links to exists" {
	while read -r link; do
		echo "$link"
		[ -e "$ROOT/${link%%#*}" ]
	done < <(grep -oE '\]\([^)]+\)' "$README" | sed 's/^](//; s/)$//' | grep -vE '^(https?:|#|mailto:)')
}

@test "the page and the schema of events are what their table generates" {
	awk -f "$ROOT/harness/protocol/events.awk" "$ROOT/harness/protocol/events" |
		diff "$ROOT/harness/protocol/EVENTS.md" - # or: make docs
	awk -v schema=1 -f "$ROOT/harness/protocol/events.awk" "$ROOT/harness/protocol/events" |
		diff "$ROOT/harness/protocol/events.schema.json" -
}

@test "the guide's command finds the failures that it quotes, and its pictures are small" {
	guide=$ROOT/docs/GUIDE.md
	run bash -c "cd '$ROOT' && $(grep '^build/snarl run' "$guide") --show-progress=never --db '$BATS_TEST_TMPDIR/guide.db'"
	[ "$status" -eq 0 ]
	quoted=$(awk '/^```/ { fenced = !fenced; next } fenced && !/^(make|build)/' "$guide")
	[ "$(wc -l <<<"$quoted")" -ge 4 ]
	output=$(tr -s '[:space:]' ' ' <<<"$output") # long lines continue in the next
	while read -r line; do
		has "$line"
	done <<<"$quoted"
	for picture in "$ROOT"/docs/*.png; do
		has "(${picture##*/})" "$(cat "$guide")"
		[ "$(stat -c %s "$picture")" -le $((150 * 1024)) ]
	done
}
