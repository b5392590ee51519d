#!/usr/bin/env bats
# The report: rendered from the store, complete, self-contained and escaped. How it looks is tested by
# looking at it; here is what can be known beforehand.
# bats file_tags=report

load helpers

setup_file() {
	load helpers
	# One store for all: a failing case of each kind, a clean one, a blind one, and one that says <b>.
	SNARL_BUILD=$FIXTURES "$SNARL" run claims canary/correct_lock canary/lock_that_does_nothing \
		misbehaves/segfaults ledger/loses_one --budget 200ms --show-progress=never \
		--db "$BATS_FILE_TMPDIR/snarl.db" >"$BATS_FILE_TMPDIR/words" || [ $? -eq 1 ]
	SNARL_BUILD=$FIXTURES "$SNARL" run claims/always_wrong --engine stress --executions 100 \
		--show-progress=never --db "$BATS_FILE_TMPDIR/snarl.db" >"$BATS_FILE_TMPDIR/words"
	SNARL_BUILD=$FIXTURES "$SNARL" report --db "$BATS_FILE_TMPDIR/snarl.db" \
		--out "$BATS_FILE_TMPDIR/report" >"$BATS_FILE_TMPDIR/said"
}

setup() {
	DB=$BATS_FILE_TMPDIR/snarl.db
	REPORT=$BATS_FILE_TMPDIR/report
}

# words FILE: what a reader sees of a page, markup taken out
words() {
	xmllint --html --xpath 'string(//body)' "$1" 2>/dev/null | tr -s ' \n\t' ' '
}

@test "report says where it is" {
	[ "$(cat "$BATS_FILE_TMPDIR/said")" = "report: $REPORT/index.html" ]
	[ -s "$REPORT/index.html" ]
}

@test "the index names every case with its outcome" {
	index=$(words "$REPORT/index.html")
	for name in $(query 'SELECT DISTINCT scenario FROM result UNION SELECT DISTINCT variant FROM result
			UNION SELECT DISTINCT engine FROM result' "$DB"); do
		has "$name" "$index"
	done
	has MISSED "$index"
	has "FALSE ALARM" "$index"
}

@test "every case with something to show has a page that the index links to" {
	while IFS='|' read -r scenario variant engine; do
		page=$scenario-$variant-$engine.html
		echo "$page"
		[ -s "$REPORT/$page" ]
		has "$page" "$(cat "$REPORT/index.html")"
	done < <(query "SELECT DISTINCT scenario, variant, engine FROM result
		WHERE verdict <> 'clean' OR outcome = 'MISSED'" "$DB")
}

@test "every link leads somewhere" {
	for page in "$REPORT"/*.html; do
		for link in $(grep -oE "href=[\"']?[^\"' >]+" "$page" | sed "s/href=[\"']\?//" | sort -u); do
			[ "${link%%#*}" ] || continue # a place on the page itself
			echo "$page: $link"
			[ -e "$REPORT/${link%%#*}" ]
		done
	done
}

@test "a failure's page has the verdict, the message and the replay line" {
	while IFS='|' read -r page verdict message token; do
		text=$(words "$REPORT/$page.html")
		echo "$page"
		has "$verdict" "$text"
		has "$message" "$text"
		has "snarl replay $token" "$text"
	done < <(query "SELECT scenario || '-' || variant || '-' || engine, verdict, message, token
		FROM result WHERE \"case\" IN (SELECT max(\"case\") FROM result
			GROUP BY scenario, variant, engine)
		AND outcome IN ('caught', 'FALSE ALARM') AND variant NOT LIKE 'says_%'" "$DB")
}

@test "a data race's page has both accesses with their source" {
	text=$(words "$REPORT/canary-lock_that_does_nothing-tsan.html")
	has "lock_that_does_nothing.c" "$text"
	has "shared->counter++;" "$text"
	has alice "$text"
	has bob "$text"
}

@test "what variants and programs say is escaped" {
	page=$REPORT/claims-says_markup-stress.html
	[ -s "$page" ]
	for file in "$REPORT"/*.html; do
		lacks "<script>alert" "$(cat "$file")"
		lacks "<i>alice" "$(cat "$file")"
	done
	text=$(words "$page")
	for what in message summary refs output; do
		has "<script>alert('$what')</script>" "$text"
	done
}

@test "the report is self-contained: nothing is loaded from elsewhere" {
	for page in "$REPORT"/*.html; do
		run ! grep -inE "(src|href|action|srcset)=[\"']?(https?:)?//" "$page"
		run ! grep -inE '@import|url\([^)d]|<(link|iframe|object|embed|base)\b' "$page"
		run ! grep -inE '<script[^>]+src=|<img[^>]+src=["'\'']?[^d"'\'']' "$page"
	done
}

@test "pages are HTML with title, language and letters declared, and every tag is closed" {
	for page in "$REPORT"/*.html; do
		head -c 600 "$page" | grep -qi '<!doctype html>'
		head -c 600 "$page" | grep -qiE '<html lang'
		head -c 600 "$page" | grep -qiE 'charset="?utf-8'
		grep -qE '<title>[^<]+</title>' "$page"
		iconv -f UTF-8 -t UTF-8 "$page" >/dev/null
		run ! grep -aq $'[\x01-\x08\x0e-\x1f]' "$page"
	done
}

@test "--run renders that run alone" {
	snarl report --db "$DB" --run 2 --out "$BATS_TEST_TMPDIR/report"
	[ "$status" -eq 0 ]
	pages=("$BATS_TEST_TMPDIR"/report/*-*.html)
	[ "${#pages[@]}" -eq 1 ]
	[ "${pages[0]##*/}" = claims-always_wrong-stress.html ]
	lacks says_markup "$(words "$BATS_TEST_TMPDIR/report/index.html")"
}

@test "--run of a run that is not there: exit 3, and those that are there are named" {
	snarl report --db "$DB" --run 77 --out "$BATS_TEST_TMPDIR/report"
	refused 3
	has 77 "$stderr"
	has "1 to 2" "$stderr"
}

@test "rendering twice gives the same pages" {
	snarl report --db "$DB" --out "$BATS_TEST_TMPDIR/report"
	[ "$status" -eq 0 ]
	diff -r "$REPORT" "$BATS_TEST_TMPDIR/report"
}

@test "--out makes the folders on the way" {
	snarl report --db "$DB" --out "$BATS_TEST_TMPDIR/a/b c/d"
	[ "$status" -eq 0 ]
	[ -s "$BATS_TEST_TMPDIR/a/b c/d/index.html" ]
}

@test "--out that cannot be written: exit 3 with a sentence" {
	touch "$BATS_TEST_TMPDIR/file"
	snarl report --db "$DB" --out "$BATS_TEST_TMPDIR/file"
	refused 3
	snarl report --db "$DB" --out /proc/nowhere
	refused 3
}

@test "a store that is not there: exit 3, and none is made" {
	snarl report --db "$BATS_TEST_TMPDIR/none.db" --out "$BATS_TEST_TMPDIR/report"
	refused 3
	[ ! -e "$BATS_TEST_TMPDIR/none.db" ]
}

@test "an empty file is no store: exit 3" {
	: >"$BATS_TEST_TMPDIR/empty.db"
	snarl report --db "$BATS_TEST_TMPDIR/empty.db" --out "$BATS_TEST_TMPDIR/report"
	refused 3
}

@test "report takes no arguments" {
	snarl report "$DB"
	refused 2
}
