#!/usr/bin/env bats
# Reports in a browser: what only a layout, a script and a person's tools show. One browser looks at
# all pages (browser/check.mjs); each test asks for the result of one of its checks.
# bats file_tags=report, shares-cores

load helpers

# Failures of twelve kinds.
FAILURES="counter/unsynchronised bounded_buffer/missing_full_check lock_order/ab_ba
	monitor_buffer/signal_before_wait monitor_buffer/if_instead_of_while check_then_act/flag_before_data
	ordinary_pipe/short_read_ignored mailbox/nonblocking_full_ignored lock_order/trylock_livelock
	fences/missing_release check_then_act/missing_second_check readers_writers/writer_starvation"

# Why there is no browser; fails if there is one.
unavailable() {
	if ! command -v chromium chromium-browser >/dev/null; then
		echo "there is no chromium; make deps installs it"
	elif ! command -v node >/dev/null; then
		echo "there is no node; make deps installs it"
	elif ! (cd "$ROOT/bats/browser" && node -e 'import("axe-core"); import("playwright-core")') 2>/dev/null; then
		echo "playwright-core and axe-core are not in bats/browser; make deps installs them"
	else
		return 1
	fi
}

# Turn the texts of a store's cases into markup, except the words that snarl itself decides by.
make_hostile() {
	query "SELECT \"case\", hex(detail) FROM result" "$1" | while IFS='|' read -r number detail; do
		jq -c --arg bad "'\"><script>alert(1)</script><img src=x onerror=alert(2)>" '
			def spoil: if type == "string" then . + $bad else . end;
			walk(if type == "object" then with_entries(if .key | IN("sentence", "actor", "variable",
				"name", "value", "function", "label", "message", "output", "for", "why", "item",
				"summary", "refs", "held_by", "injected", "preempted", "coverage")
				then .value |= spoil else . end) else . end)' \
			<<<"$(basenc --base16 -d <<<"$detail")" >"$BATS_FILE_TMPDIR/detail"
		query "UPDATE result SET message = message || '<script>alert(3)</script>',
			detail = readfile('$BATS_FILE_TMPDIR/detail') WHERE \"case\" = $number" "$1"
	done
}

setup_file() {
	load helpers
	if unavailable >"$BATS_FILE_TMPDIR/skipped"; then
		return
	fi
	local db=$BATS_FILE_TMPDIR/pages.db

	# shellcheck disable=SC2086 # a list
	"$SNARL" run $FAILURES --engine explore --seed 1 --show-progress=never --db "$db" >/dev/null
	"$SNARL" run counter/unsynchronised lock_order/ab_ba --budget 200ms --show-progress=never --db "$db" >/dev/null || [ $? -eq 1 ]
	"$SNARL" report --db "$db" --out "$BATS_FILE_TMPDIR/pages" >/dev/null
	cp "$db" "$BATS_FILE_TMPDIR/hostile.db"
	make_hostile "$BATS_FILE_TMPDIR/hostile.db"
	"$SNARL" report --db "$BATS_FILE_TMPDIR/hostile.db" --out "$BATS_FILE_TMPDIR/hostile" >/dev/null
	timeout 100 node "$ROOT/bats/browser/check.mjs" "$BATS_FILE_TMPDIR/pages" "$BATS_FILE_TMPDIR/hostile" \
		>"$BATS_FILE_TMPDIR/results" 2>&1 || echo "the browser's checks ended with $?" >>"$BATS_FILE_TMPDIR/results"
}

setup() {
	[ ! -s "$BATS_FILE_TMPDIR/skipped" ] || skip "$(cat "$BATS_FILE_TMPDIR/skipped")"
}

# passes CHECK: the check looked at pages, and found nothing
passes() {
	grep -F "ok $1" "$BATS_FILE_TMPDIR/results" || cat "$BATS_FILE_TMPDIR/results"
	grep -q "^ok $1 (" "$BATS_FILE_TMPDIR/results"
}

@test "axe has no violation and nothing undecided: light" {
	passes "axe, light"
}

@test "axe has no violation and nothing undecided: dark" {
	passes "axe, dark"
}

@test "axe has no violation and nothing undecided: 400 px wide" {
	passes "axe, 400 px"
}

@test "no page is wider than its window" {
	passes "fits, light"
	passes "fits, 400 px"
	passes "fits, narrow"
}

@test "in a narrow window no step is cut" {
	passes "whole, narrow"
}

@test "on paper folds are open, and there are no controls" {
	passes print
}

@test "without JavaScript pages have their text, and no control that does nothing" {
	passes "no JavaScript"
}

@test "keys go through the steps of an interleaving, and the step is said" {
	passes keys
}

@test "a key shows all steps, and the story again" {
	passes "story and all steps"
}

@test "the index's filter hides rows and scenarios that lack a word" {
	passes filter
}

@test "the verdict of every failure is on the first screen" {
	passes "first screen, verdict"
}

@test "the culprit is on the first screen" {
	grep -qF "first screen, culprit" "$BATS_FILE_TMPDIR/results" || skip "no row is marked as the culprit"
	passes "first screen, culprit"
}

@test "a livelock and a starvation have a culprit" {
	for page in lock_order-trylock_livelock readers_writers-writer_starvation; do
		grep -qE "class='?[^>]*culprit" "$BATS_FILE_TMPDIR/pages/$page-explore.html"
	done
}

@test "texts that are markup do nothing" {
	passes hostile
}
