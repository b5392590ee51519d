#!/usr/bin/env bats
# The report: rendered from the store, complete, self-contained and escaped. Its look is checked by
# eye; these tests check what can be predicted.
# bats file_tags=report, shares-cores

load helpers

setup_file() {
	load helpers
	# One store for all tests: a failing case of each kind, a clean one, a blind one, and one
	# whose texts have markup.
	SNARL_BUILD=$FIXTURES "$SNARL" run claims canary/correct_lock canary/lock_that_does_nothing \
		misbehaves/segfaults ledger/loses_one --budget 200ms --show-progress=never \
		--db "$BATS_FILE_TMPDIR/snarl.db" >"$BATS_FILE_TMPDIR/words" || [ $? -eq 1 ]
	SNARL_BUILD=$FIXTURES "$SNARL" run claims/always_wrong --engine stress --executions 100 \
		--show-progress=never --db "$BATS_FILE_TMPDIR/snarl.db" >"$BATS_FILE_TMPDIR/words"
	SNARL_BUILD=$FIXTURES "$SNARL" report --db "$BATS_FILE_TMPDIR/snarl.db" \
		--out "$BATS_FILE_TMPDIR/report" >"$BATS_FILE_TMPDIR/said"
	traces_report
	messages_report
}

# add_case VARIANT VERDICT TRACE [SHAPE] [COVERAGE] [WAITS]: a result of the explore engine, written by
# hand
add_case() {
	query "INSERT INTO result (run, scenario, variant, engine, verdict, outcome, executions, failures,
			first_failure_execution, seconds, token, message, detail)
		VALUES (1, 'traced', '$1', 'explore', '$2', iif('$2' = 'clean', 'clean', 'caught'), 18,
			'$2' <> 'clean', iif('$2' = 'clean', NULL, 17), 0.5, '', '', json_object(
			'expected', '$2', 'oracle', '$2', 'seed', 42, 'output', '', 'rules', json('[]'),
			'catalog', json('{\"actors\":[\"alice\",\"bob\",\"carol\"],\"expect\":{\"bug\":\"$2\"}}'),
			'traits', json('{\"name\":\"explore\",\"replays\":\"steps\",\"witness\":\"clocks\",
				\"order\":\"measured\",\"memory_model\":\"sequentially consistent\"}'),
			'outcomes', json('[]'), 'injections', json('[]'), 'races', json('[]'),
			'observed', json('[]'), 'trace', json('${3//\'/\'\'}'), 'shape', json('${4:-{\}}'),
			'coverage', nullif('${5-}', ''), 'waits', json('${6:-{\}}')))" "$BATS_FILE_TMPDIR/traces.db"
}

# waits REACHED: alice and bob each hold what the other waits for, carol waits as well, each place
# has a stack
waits() {
	jq -nc --argjson reached "$1" '
		def at($line): {file: "scenarios/traced/lost.c", line: $line,
			stack: [{function: "take_both", file: "scenarios/traced/lost.c", line: $line}]};
		def actor($name; $for; $by; $holds): at(3) + {actor: $name, state: "blocked",
			call: "pthread_mutex_lock", for: $for, wait: "acquire", held_by: [$by], why: null,
			holds: [$holds[] | at(2) + {name: ., mode: "alone"}]};
		{reached: $reached, cycle: ["alice", "bob"], actors: [
			actor("alice"; "right"; "bob"; ["left"]), actor("bob"; "left"; "alice"; ["right"]),
			actor("carol"; "left"; "alice"; [])]}'
}

# Cases with an interleaving each, for which the contents of the page are known in advance.
traces_report() {
	cp "$BATS_FILE_TMPDIR/snarl.db" "$BATS_FILE_TMPDIR/traces.db"
	query "INSERT INTO text VALUES (1, 'int n;' || char(10) || 'seen = n;' || char(10) || 'n = seen + 1;');
		INSERT INTO source VALUES (1, 'scenarios/traced/lost.c', 1)" "$BATS_FILE_TMPDIR/traces.db"
	add_case lost lost-update '[
		{"step":1,"actor":"bob","op":"read","sentence":"reads n: 0","variable":"n","line":2,
			"file":"scenarios/traced/lost.c","observed":[{"name":"n","value":"0"}],"races_with":[3]},
		{"step":2,"actor":"alice","op":"read","sentence":"reads n: 0","variable":"n","line":2,
			"file":"scenarios/traced/lost.c","observed":[{"name":"n","value":"0"}],"preempted":"bob"},
		{"step":3,"actor":"alice","op":"write","write":true,"sentence":"writes n: 0 → 1","variable":"n",
			"file":"scenarios/traced/lost.c","line":3,"observed":[{"name":"n","value":"1"}],
			"races_with":[1]},
		{"step":4,"actor":"bob","op":"write","write":true,"sentence":"writes n: 1 → 1","variable":"n",
			"file":"scenarios/traced/lost.c","line":3,"observed":[{"name":"n","value":"1"}]}]' \
		'{"steps":4,"switches":2,"preemptions":1,"faults":0,"strategy":"pct",
			"found":{"steps":388,"switches":60,"preemptions":41,"faults":0}}'
	add_case stuck deadlock '[
		{"step":1,"actor":"carol","op":"unlock","sentence":"unlocks left"},
		{"step":2,"actor":"carol","op":"malloc","sentence":"malloc fails",
			"injected":"libc/mm/malloc: errno=ENOMEM"},
		{"step":3,"actor":"alice","op":"lock","sentence":"locks left","happens_after":[1]},
		{"step":4,"actor":"bob","op":"lock","sentence":"locks right"},
		{"step":5,"actor":"bob","op":"lock","sentence":"waits for left, held by alice",
			"waits_for":"left","held_by":"alice"},
		{"step":6,"actor":"alice","op":"lock","sentence":"locks right",
			"waits_for":"right","held_by":"bob"}]'
	add_case says_markup crash '[7, null, {}, {"step":"x","actor":"<script>alert(1)</script>",
		"sentence":"<script>alert(2)</script>","function":"<script>alert(3)</script>",
		"injected":"<script>alert(4)</script>","preempted":"<script>alert(5)</script>",
		"waits_for":"<script>alert(6)</script>","held_by":"<script>alert(7)</script>","stack":7,
		"observed":[{"name":"<script>alert(8)</script>","value":"<script>alert(9)</script>"},4],
		"races_with":[0,-1,4,1e99,"x"],"happens_after":[4,99999999999]}]' '{"found":7,"steps":"x"}'
	add_case long crash "$(jq -nc '[range(900) | {step: (. + 1), actor: ["alice", "bob"][. % 2],
		sentence: "writes counter: \(.) → \(. + 1)", observed: [{name: "counter", value: "\(.)"}],
		happens_after: [.]}]')"
	add_case deadlocked deadlock '[
		{"step":1,"actor":"alice","op":"lock","sentence":"locks left","variable":"left"},
		{"step":2,"actor":"carol","op":"lock","sentence":"locks log","variable":"log"},
		{"step":3,"actor":"carol","op":"unlock","sentence":"unlocks log","variable":"log"},
		{"step":4,"actor":"bob","op":"lock","sentence":"locks right","variable":"right"},
		{"step":5,"actor":"bob","op":"wait","sentence":"waits for left, held by alice",
			"variable":"left","waits_for":"left","held_by":"alice"},
		{"step":6,"actor":"alice","op":"wait","sentence":"waits for right, held by bob",
			"variable":"right","waits_for":"right","held_by":"bob"}]' '' '' "$(waits true)"
	add_case potential lock-order '[]' '' '' "$(waits false)"
	add_case up_to_nobody deadlock '[]' '' '' '{"reached":true,"cycle":["alice","bob"],"actors":[
		{"actor":"alice","state":"blocked","call":"sem_wait","for":"empty","wait":"sem_wait",
			"held_by":[],"why":"which is 0 and which only bob could post","holds":[]},
		{"actor":"bob","state":"blocked","call":"pthread_join","for":null,"wait":"join",
			"held_by":["alice"],"holds":[]},
		{"actor":"carol","state":"ended","for":null,"held_by":[],
			"holds":[{"name":"orphan","mode":"alone","file":"common.h","line":9}]}]}'
	add_case waits_markup deadlock '[]' '' '' '{"reached":7,"cycle":[3,"<script>alert(1)</script>"],
		"actors":[5,{},{"actor":"<script>alert(1)</script>","state":"blocked","held_by":[7,"x"],
		"for":"<script>alert(2)</script>","why":"<script>alert(3)</script>","stack":4,
		"holds":[6,{"name":"<script>alert(4)</script>","stack":[2]}]}]}'
	add_case stuck_late deadlock "$(jq -nc '[range(900) | {step: (. + 1), actor: ["alice", "bob"][. % 2],
		op: ["lock", "lock", "unlock", "unlock"][. % 4], variable: ["left", "right"][. % 2],
		sentence: "locks or unlocks \(.)"}]')" '' '' "$(waits true)"
	add_case covered clean '[]' '{}' 'all 1,234 schedules <seen>'
	SNARL_BUILD=$FIXTURES "$SNARL" report --db "$BATS_FILE_TMPDIR/traces.db" \
		--out "$BATS_FILE_TMPDIR/traces" >/dev/null
}

# send ACTOR BYTES, receive ACTOR BYTES: a step of a trace; the bytes are text
send() {
	jq -nc --arg actor "$1" --arg data "$(printf %s "$2" | od -An -v -tx1 | tr -d ' \n')" --argjson bytes "${#2}" '
		{actor: $actor, op: "output", sentence: "writes", variable: "ends[0]", call: "write",
		bytes: $bytes, asked: $bytes, data: $data}'
}

receive() {
	send "$@" | jq -c '.op = "input" | .sentence = "reads"'
}

injected() {
	jq -nc --arg actor "$1" --arg what "$2" '
		{actor: $actor, op: "fault", sentence: "injected: \($what)", injected: "a/point: \($what)"}'
}

# Messages whose every byte is known: written by hand, and by the fixtures.
messages_report() {
	cp "$BATS_FILE_TMPDIR/traces.db" "$BATS_FILE_TMPDIR/messages.db"
	local BATS_FILE_TMPDIR=$BATS_FILE_TMPDIR/messages
	mkdir "$BATS_FILE_TMPDIR"
	mv "$BATS_FILE_TMPDIR.db" "$BATS_FILE_TMPDIR/traces.db"
	add_case torn torn-message "$({ send alice "go north"; send alice "go south"; injected bob short
		receive bob g; receive bob "o northg" | jq -c '.happens_after = [2]'; } | jq -sc .)" '{"ledger":[
		{"actor":"alice","put":4,"taken":0,"takes":[],"puts":[{"item":"alice#1","place":0,"step":1},
			{"item":"alice#2","place":1,"step":2},{"item":"alice#3","place":1,"step":3},
			{"item":"alice#4","place":2,"step":0}]},
		{"actor":"bob","put":0,"taken":6,"puts":[],"takes":[{"item":"alice#4","place":2,"step":4},
			{"item":"alice#1","place":0,"step":4},{"item":"alice#3","place":1,"step":5},
			{"item":"alice#3","place":1,"step":5},{"item":"0xdeadbeef","place":1,"step":5}]}]}'
	add_case dropped lost-item "$({ injected alice dropped; send alice lost; send bob calm; send alice urgent
		receive carol urgent; injected carol truncated; receive carol ca; send alice late
		receive carol late; receive carol late; } | jq -sc 'map(if .call then .call = "mq_call" else . end)')"
	add_case pieces torn-message "$({ send alice one; send bob two; send alice more | jq -c '.continues = 1'
		receive carol onetwomo; } | jq -sc .)"
	add_case markup crash "$(send '<script>alert(1)</script>' '<script>alert(2)</script>' |
		jq -sc '.[0].variable = "<script>alert(3)</script>"')" '{"ledger":[4,{"actor":7,"puts":5,
		"takes":[3,{"item":"<script>alert(4)</script>"}]},{"actor":"<script>alert(5)</script>",
		"puts":[{"item":"<script>alert(6)</script>","place":"x","step":-3},
		{"item":"<i>#1","step":99999999}]}]}'
	add_case many crash "$(jq -nc '[range(500) | {actor: ["alice", "bob"][. % 2],
		op: ["output", "input"][. % 2], variable: "ends[0]", bytes: 8, asked: 8,
		data: "676f206e6f727468", sentence: "moves 8 bytes through ends[0]"}]')" \
		"$(jq -nc '{ledger: [{actor: "alice", put: 500, taken: 0, takes: [],
		puts: [range(256) | {item: "alice#\(.)", place: -1, step: .}]}]}')"
	SNARL_BUILD=$FIXTURES "$SNARL" run explore/write_beyond_pipe_buf explore/item_left_in_pipe \
		explore/torn_frame explore/pipe_deadlock --engine explore --seed 1 --show-progress=never \
		--db "$BATS_FILE_TMPDIR/traces.db" >/dev/null
	SNARL_BUILD=$FIXTURES "$SNARL" report --db "$BATS_FILE_TMPDIR/traces.db" \
		--out "$BATS_FILE_TMPDIR/report" >/dev/null
}

setup() {
	MESSAGES=$BATS_FILE_TMPDIR/messages/report
	DB=$BATS_FILE_TMPDIR/snarl.db
	REPORT=$BATS_FILE_TMPDIR/report
	TRACES=$BATS_FILE_TMPDIR/traces
}

# steps VARIANT XPATH: text in the table with the interleaving
steps() {
	xmllint --html --xpath "normalize-space(//table[@id='steps']$2)" \
		"$TRACES/traced-$1-explore.html" 2>/dev/null
}

# words FILE: the visible text of a page, without markup
words() {
	xmllint --html --xpath 'string(//body)' "$1" 2>/dev/null | tr -s ' \n\t' ' '
}

@test "report prints the path of its index" {
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

@test "every link has a target" {
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

# shown PAGE XPATH: text in a page of the report
shown() {
	xmllint --html --xpath "normalize-space($2)" "$REPORT/$1.html" 2>/dev/null
}

@test "a failure's page has its cause and its picture first, and folds the rest in order" {
	page=$TRACES/traced-deadlocked-explore.html
	[ "$(grep -oE 'h2 id=[a-z]+|<details open' "$page" | sed 's/h2 id=//' | tr '\n' ' ')" = \
		"interleaving facts waits source outcomes environment history " ]
	page=$REPORT/canary-lock_that_does_nothing-tsan.html
	[ "$(grep -oE 'h2 id=[a-z]+|<details open' "$page" | sed 's/h2 id=//' | head -2 | tr '\n' ' ')" = \
		"<details open races " ]
	# What the picture is: drawn by the author, not recorded.
	[ "$(shown ledger-loses_one-stress "count(//section[@aria-labelledby='textbook']/details[@open])")" = 1 ]
	has "not recorded" "$(shown ledger-loses_one-stress "//section[@aria-labelledby='textbook']//summary")"
}

@test "the pages of a variant link to each other, and to where an interleaving was recorded" {
	page=canary-lock_that_does_nothing
	has "href='$page-stress.html'" "$(cat "$REPORT/$page-tsan.html")"
	has "href='$page-tsan.html'" "$(cat "$REPORT/$page-stress.html")"
	has "stress recorded no interleaving" "$(words "$REPORT/$page-stress.html")"
	has "href='$page-explore.html'>explore's page" "$(cat "$REPORT/$page-stress.html")"
	lacks "recorded no interleaving" "$(words "$REPORT/$page-explore.html")"
}

@test "a link to a line of source or to the fix opens what it is folded in" {
	command -v chromium >/dev/null || skip "chromium is not installed"
	page=$REPORT/canary-lock_that_does_nothing-explore.html
	for link in "L20 source" "twin fix"; do
		read -r target fold <<<"$link"
		has "<details open=\"\"><summary><h2 id=\"$fold\"" "$(timeout 60 chromium --headless \
			--no-sandbox --disable-gpu --user-data-dir="$BATS_TEST_TMPDIR/chromium" \
			--dump-dom "file://$page#$target" 2>/dev/null)"
	done
}

@test "races between the same two lines are one entry, and outcomes beyond five are folded" {
	cp "$BATS_FILE_TMPDIR/traces.db" "$BATS_TEST_TMPDIR/pairs.db"
	race() {
		jq -nc --arg a "$1" --arg b "$2" 'def at($actor; $line; $write): {actor: $actor, write: $write,
			variable: "n", stack: [{function: "f", file: "scenarios/traced/lost.c", line: $line}]};
			{accesses: [at($a; 3; true), at($b; 2; false)]}'
	}
	races=$({ race alice bob; race bob alice; race alice bob | jq -c '.accesses |= reverse'
		race alice bob | jq -c '.accesses[1].write = true'; } | jq -sc .)
	outcomes=$(jq -nc '[range(8) | {label: "o\(.)", kinds: "crash", count: 1}]')
	query "UPDATE result SET detail = json_set(detail, '\$.races', json('$races'), '\$.outcomes',
		json('$outcomes')) WHERE variant = 'lost'" "$BATS_TEST_TMPDIR/pairs.db"
	snarl report --db "$BATS_TEST_TMPDIR/pairs.db" --out "$BATS_TEST_TMPDIR/report"
	REPORT=$BATS_TEST_TMPDIR/report
	[ "$(shown traced-lost-explore "count(//section[@aria-labelledby='races']//h3)")" = 2 ]
	has "Also seen: bob writes n, alice reads n; bob reads n, alice writes n." \
		"$(shown traced-lost-explore "//section[@aria-labelledby='races']")"
	[ "$(shown traced-lost-explore "count(//section[@aria-labelledby='outcomes']/details/div//tbody/tr)")" = 5 ]
	[ "$(shown traced-lost-explore "count(//section[@aria-labelledby='outcomes']/details/details//tbody/tr)")" = 3 ]
}

@test "the environment is a table, without JSON" {
	environment=$(shown canary-lock_that_does_nothing-stress "//section[@aria-labelledby='environment']//table")
	has "flags, stress" "$environment"
	lacks '{' "$environment"
}

@test "a data race's page has both accesses with their source" {
	text=$(words "$REPORT/canary-lock_that_does_nothing-tsan.html")
	has "lock_that_does_nothing.c" "$text"
	has "shared->counter++;" "$text"
	has alice "$text"
	has bob "$text"
}

@test "texts of variants and programs are escaped" {
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

@test "the report is self-contained, and loads nothing from elsewhere" {
	for page in "$REPORT"/*.html "$TRACES"/*.html "$MESSAGES"/*.html; do
		run ! grep -inE "(src|href|action|srcset)=[\"']?(https?:)?//" "$page"
		run ! grep -inE '@import|url\([^)d#]|<(link|iframe|object|embed|base)\b' "$page"
		run ! grep -inE '<script[^>]+src=|<img[^>]+src=["'\'']?[^d"'\'']' "$page"
	done
}

@test "pages are HTML with title, language and character set declared, and every tag is closed" {
	for page in "$REPORT"/*.html "$TRACES"/*.html "$MESSAGES"/*.html; do
		head -c 600 "$page" | grep -qi '<!doctype html>'
		head -c 600 "$page" | grep -qiE '<html lang'
		head -c 600 "$page" | grep -qiE 'charset="?utf-8'
		grep -qE '<title>[^<]+</title>' "$page"
		iconv -f UTF-8 -t UTF-8 "$page" >/dev/null
		run ! grep -aq $'[\x01-\x08\x0e-\x1f]' "$page"
	done
}

@test "--run renders only that run" {
	snarl report --db "$DB" --run 2 --out "$BATS_TEST_TMPDIR/report"
	[ "$status" -eq 0 ]
	pages=("$BATS_TEST_TMPDIR"/report/*-*.html)
	[ "${#pages[@]}" -eq 1 ]
	[ "${pages[0]##*/}" = claims-always_wrong-stress.html ]
	lacks says_markup "$(words "$BATS_TEST_TMPDIR/report/index.html")"
}

@test "--run with an unknown run exits with 3, and names the existing ones" {
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

@test "--out makes missing parent folders" {
	snarl report --db "$DB" --out "$BATS_TEST_TMPDIR/a/b c/d"
	[ "$status" -eq 0 ]
	[ -s "$BATS_TEST_TMPDIR/a/b c/d/index.html" ]
}

@test "--out with a folder that cannot be written exits with 3 and a sentence" {
	touch "$BATS_TEST_TMPDIR/file"
	snarl report --db "$DB" --out "$BATS_TEST_TMPDIR/file"
	refused 3
	snarl report --db "$DB" --out /proc/nowhere
	refused 3
}

@test "a missing store exits with 3, and none is made" {
	snarl report --db "$BATS_TEST_TMPDIR/none.db" --out "$BATS_TEST_TMPDIR/report"
	refused 3
	[ ! -e "$BATS_TEST_TMPDIR/none.db" ]
}

@test "an empty file is not a store, and exits with 3" {
	: >"$BATS_TEST_TMPDIR/empty.db"
	snarl report --db "$BATS_TEST_TMPDIR/empty.db" --out "$BATS_TEST_TMPDIR/report"
	refused 3
}

@test "report takes no arguments" {
	snarl report "$DB"
	refused 2
}

@test "an interleaving has one row per step, and lanes in the catalogue's order" {
	[ "$(steps lost "/thead/tr")" = "Stepalicebobn" ]
	[ "$(xmllint --html --xpath "count(//table[@id='steps']//tr[@id])" \
		"$TRACES/traced-lost-explore.html" 2>/dev/null)" = 4 ]
	# The first row of a piece has the gutter between the lanes.
	[ "$(steps lost "//tr[@id='s1']/td[1]")" = "" ]
	has "seen = n;" "$(steps lost "//tr[@id='s1']/td[3]")"
	has "L2 reads n: 0" "$(steps lost "//tr[@id='s1']/td[3]")"
	has "L3 writes n: 0 → 1" "$(steps lost "//tr[@id='s3']/td[1]")"
	has "L3 writes n: 1 → 1" "$(steps lost "//tr[@id='s4']/td[2]")"
}

@test "an interleaving shows changes, races, preemptions and stale values" {
	[ "$(steps lost "//tr[@id='s1']/td[last()]")" = "n 0" ]
	[ -z "$(steps lost "//tr[@id='s2']/td[3]")" ]
	[ "$(steps lost "//tr[@id='s3']/td[3]")" = "n 1 (changed)" ]
	[ -z "$(steps lost "//tr[@id='s4']/td[3]")" ]
	has "racing with 3" "$(steps lost "//tr[@id='s1']")"
	has "racing with 1" "$(steps lost "//tr[@id='s3']")"
	lacks racing "$(steps lost "//tr[@id='s2']")$(steps lost "//tr[@id='s4']")"
	has "preempts bob" "$(steps lost "//tr[@id='s2']")"
	has "its read at step 1 is stale since step 3" "$(steps lost "//tr[@id='s4']")"
	lacks stale "$(steps lost "//tr[@id='s3']")"
	[ "$(steps lost "//*[@role='img']/@aria-label")" = "Arrows: conflict: steps 1 and 3 race" ]
}

@test "each step names its actor, and its file if steps are in more than one" {
	has "alice L3 writes n: 0 → 1" "$(steps lost "//tr[@id='s4']")$(steps lost "//tr[@id='s3']" |
		sed 's/racing with 1 //')"
	has "carol injected malloc fails" "$(steps stuck "//tr[@id='s2']")"
	cp "$BATS_FILE_TMPDIR/traces.db" "$BATS_TEST_TMPDIR/files.db"
	query "INSERT INTO source VALUES (1, 'scenarios/traced/common.h', 1);
		UPDATE result SET detail = json_set(detail, '\$.trace[1].file', 'scenarios/traced/common.h')
			WHERE variant = 'lost'" "$BATS_TEST_TMPDIR/files.db"
	snarl report --db "$BATS_TEST_TMPDIR/files.db" --out "$BATS_TEST_TMPDIR/report"
	TRACES=$BATS_TEST_TMPDIR/report
	has "bob racing with 3 lost.c:2 reads n: 0" "$(steps lost "//tr[@id='s1']")"
	has "common.h:2 reads n: 0" "$(steps lost "//tr[@id='s2']")"
}

@test "a buffer's slots are a strip, with where in and out are, and what was lost crossed out" {
	strip_of() {
		jq -nc --arg slots "$1" --arg in "$2" '{actor: "alice", op: "write", sentence: "writes slots",
			observed: [{name: "slots", value: $slots}, {name: "in", value: $in}, {name: "out", value: "0"}]}'
	}
	local BATS_FILE_TMPDIR=$BATS_TEST_TMPDIR
	cp "$DB" "$BATS_TEST_TMPDIR/traces.db"
	add_case ring overwrite "$({ strip_of "[alice#1, empty]" 0; strip_of "[alice#1, empty]" 1
		strip_of "[alice#1, alice#2]" 1; strip_of "[alice#3, alice#2]" 2
		strip_of "[alice#3, alice#4]" 3; } | jq -sc .)" '{"ledger":[{"actor":"bob","put":0,"taken":1,
		"puts":[],"takes":[{"item":"alice#2","place":1,"step":4}]}]}'
	snarl report --db "$BATS_TEST_TMPDIR/traces.db" --out "$BATS_TEST_TMPDIR/report"
	TRACES=$BATS_TEST_TMPDIR/report
	[ "$(steps ring "/thead/tr/th[3]")" = "slots, alice's" ]
	[ "$(steps ring "//tr[@id='s1']/td[2]")" = "slots #1in out·" ]
	[ -z "$(steps ring "//tr[@id='s2']/td[2]")" ]
	[ "$(steps ring "//tr[@id='s3']/td[2]")" = "slots #1out#2 (changed)in" ]
	[ "$(steps ring "//tr[@id='s4']/td[2]")" = \
		"slots #1 overwritten, never taken; now #3 (changed)in out#2" ]
	[ "$(steps ring "//tr[@id='s4']/td[2]//s")" = "#1" ]
	[ "$(steps ring "//tr[@id='s5']/td[2]")" = "slots #3out#4 (changed)in" ] # alice#2 was taken
}

@test "arrows and causal pasts follow releases and acquires" {
	[ "$(steps stuck "//*[@role='img']/@aria-label")" = "Arrows: step 1 happens before step 3" ]
	[ -z "$(steps stuck "//tr[@id='s1']/@data-past")" ]
	[ "$(steps stuck "//tr[@id='s3']/@data-past")" = "2:1" ] # not carol's second step
	[ -z "$(steps stuck "//tr[@id='s4']/@data-past")" ]
	[ -z "$(steps stuck "//tr[@id='s5']/@data-past")" ] # same as the step above it of the actor
}

@test "a deadlock's interleaving ends with what each actor waits for" {
	[ "$(steps stuck "//tr[@class='stuck']")" = \
		"✗ no actor can run: alice waits for right, held by bob; bob waits for left, held by alice" ]
	has "locks right; waits for right, held by bob" "$(steps stuck "//tr[@id='s6']")"
	[ -z "$(steps lost "//tr[@class='stuck']")" ]
}

@test "a story marks the step that went wrong, and says what went wrong there" {
	has "alice's write is lost" "$(steps lost "//tr[@id='s4']/td[contains(@class,'culprit')]")"
	has "closes the cycle alice → bob → alice" \
		"$(steps deadlocked "//tr[@id='s6']/td[contains(@class,'culprit')]")"
	for variant in lost deadlocked stuck_late says_markup; do
		[ "$(xmllint --html --xpath "count(//td[contains(@class,'culprit')])" \
			"$TRACES/traced-$variant-explore.html" 2>/dev/null)" -le 1 ]
	done
}

@test "the rest of a long story is folded; every step is in the page" {
	page=$TRACES/traced-long-explore.html
	has "392 steps: alice" "$(steps long "//tbody[@class='fold']")"
	[ "$(xmllint --html --xpath "count(//tbody[@class='in']/tr[@id])" "$page" 2>/dev/null)" = 392 ]
	[ "$(xmllint --html --xpath "count(//tbody[not(@class)]/tr[@id])" "$page" 2>/dev/null)" = 8 ]
	has "Story: 8 of 900 steps" "$(words "$page")"
	lacks "Story:" "$(words "$TRACES/traced-lost-explore.html")"
}

# waits_of VARIANT XPATH: text in the section about the wait-for graph
waits_of() {
	xmllint --html --xpath "normalize-space(//section[@aria-labelledby='waits']$2)" \
		"$TRACES/traced-$1-explore.html" 2>/dev/null
}

# count_of VARIANT XPATH
count_of() {
	xmllint --html --xpath "count($2)" "$TRACES/traced-$1-explore.html" 2>/dev/null
}

@test "the table of waits has one row per actor, with what it holds and waits for, and the holder" {
	has "Reached: each actor of the cycle waits for the next" "$(waits_of deadlocked //p)"
	row=$(waits_of deadlocked "//tr[th='alice']")
	for words in blocked "left, " "lock right in pthread_mutex_lock" "held by bob"; do
		has "$words" "$row"
	done
	[ "$(waits_of deadlocked "//tr[th='alice']/td[2]//a/@href")" = "#F2-L2" ] ||
		[ "$(waits_of deadlocked "//tr[th='alice']/td[2]//a/@href")" = "#L2" ]
	has "nothing" "$(waits_of deadlocked "//tr[th='carol']/td[2]")"
	has "which only bob could post" "$(waits_of up_to_nobody "//tr[th='alice']")"
	has "the end of alice in pthread_join" "$(waits_of up_to_nobody "//tr[th='bob']")"
	has "has ended" "$(waits_of up_to_nobody "//tr[th='carol']")"
	has "orphan, common.h:9" "$(waits_of up_to_nobody "//tr[th='carol']")"
	lacks "Waits and holders" "$(words "$TRACES/traced-lost-explore.html")"
}

@test "the wait-for graph has one circle per actor, one square per object, and a text in words" {
	[ "$(waits_of deadlocked "//svg/@aria-label")" = "Wait-for graph: alice waits for right, held by bob; \
bob waits for left, held by alice; carol waits for left, held by alice; cycle: alice, bob, alice" ]
	[ "$(count_of deadlocked "//svg[@role='img']//circle")" = 3 ]
	[ "$(count_of deadlocked "//svg[@role='img']//rect")" = 2 ]
	[ "$(count_of deadlocked "//svg//path[@class='cycle']")" = 4 ]
	[ "$(count_of deadlocked "//svg//path[@class='other']")" = 1 ]
	[ "$(waits_of up_to_nobody "//svg/@aria-label")" = "Wait-for graph: alice waits for empty, \
due from bob; bob waits for the end of alice; orphan, held by carol; cycle: alice, bob, alice" ]
	[ "$(count_of up_to_nobody "//svg//path[@class='cycle soft']")" = 1 ]
}

@test "the section of waits has stacks of each wait, and of each acquisition of a held object" {
	[ "$(count_of deadlocked "//section[@aria-labelledby='waits']//ol[@class='stack']")" = 5 ]
	has "alice took left" "$(waits_of deadlocked "//h4[1]")"
	has "alice waits for right" "$(words "$TRACES/traced-deadlocked-explore.html")" # near the source
}

@test "a deadlock that was not reached is reported as potential" {
	has "Potential: both orders were seen, but the cycle itself was not reached" \
		"$(waits_of potential //p)"
	has "not stuck in this run" "$(waits_of potential "//tr[th='alice']")"
	has "would wait for" "$(waits_of potential "//h4")$(waits_of potential "")"
	lacks "Reached" "$(waits_of potential "")"
}

@test "an interleaving that gets stuck shows the holders and the waiters after each step" {
	[ "$(steps deadlocked "/thead/tr")" = "Stepalicebobcarolheldwaits" ]
	[ "$(steps deadlocked "//tr[@id='s1']/td[last()-1]")" = "left: alice (changed)" ]
	[ "$(steps deadlocked "//tr[@id='s2']/td[last()-1]")" = "left: alice, log: carol (changed)" ]
	[ "$(steps deadlocked "//tr[@id='s3']/td[last()-1]")" = "left: alice, log: free (changed)" ]
	[ "$(steps deadlocked "//tr[@id='s4']/td[last()-1]")" = "left: alice, right: bob (changed)" ]
	[ "$(steps deadlocked "//tr[@id='s4']/td[last()]")" = "–" ]
	[ "$(steps deadlocked "//tr[@id='s5']/td[last()]")" = "bob → left (changed)" ]
	[ "$(steps deadlocked "//tr[@id='s6']/td[last()]")" = "alice → right (changed), bob → left" ]
	[ "$(steps deadlocked "//tr[@class='stuck']")" = \
		"✗ no actor can run: alice waits for right, held by bob; bob waits for left, held by alice" ]
	page=$TRACES/traced-stuck_late-explore.html
	[ "$(grep -c '^<tr id=s' "$page")" -eq 400 ]
	wc -c "$page"
	[ "$(stat -c %s "$page")" -le $((150 * 1024)) ]
}

# message PAGE XPATH: text in a page with messages
message() {
	xmllint --html --xpath "normalize-space($2)" "$MESSAGES/$1-explore.html" 2>/dev/null
}

# held PAGE STEP: the text of the channel's lane in the row of the step
held() {
	message "$1" "//tr[@id='s$2']/td[contains(@class,'tube') or @class='has']"
}

# strip PAGE ROW: a row of the first strip: at, sent, bytes, read
strip() {
	message "$1" "(//table[@class='strip'])[1]//tr[th='$2']"
}

@test "a channel has a lane between sender and receiver, with its contents when they change" {
	[ "$(message traced-torn "//table[@id='steps']/thead/tr")" = "Stepalicechannel ends[0]bob" ]
	[ "$(held traced-torn 1)" = "alice 1 'go north'" ]
	[ "$(held traced-torn 2)" = "alice 1 'go north'alice 2 'go south'" ]
	[ -z "$(held traced-torn 3)" ]
	[ "$(held traced-torn 4)" = "alice 1 …'o north'alice 2 'go south'" ]
	[ "$(held traced-torn 5)" = "alice 2 …'o south'" ]
	[ "$(message traced-torn "//tr[@class='unread']")" = "end✗ never readalice 2 …'o south'" ]
	# Both its sender and a missing part are visible without colour.
	[ "$(message traced-torn "//tr[@id='s5']//span/@class")" = "fr t1 torn" ]
	[ "$(held traced-pieces 3)" = "alice 1, 1/2 'one'+1alice 1, 2/2 'more'" ]
	[ -z "$(message traced-many "//tr[@class='unread']")" ]
	[ "$(held traced-many 500)" = empty ]
	lacks tube "$(steps deadlocked "//@class")"
}

@test "a message's arrow leads through its channel, and replaces the arrow of the order it makes" {
	[ "$(message traced-torn "//*[@role='img'][1]/@aria-label")" = \
		"Arrows: step 1 sends alice 1; step 2 sends alice 2" ]
	[ "$(message traced-torn "(//*[@role='img'])[2]/@aria-label")" = \
		"Arrows: step 4 receives alice 1; step 5 receives alice 1, alice 2" ]
	[ "$(message traced-torn "count(//path[@class='ms to'])")" = 4 ]
	[ "$(message traced-torn "count(//path[@class='hb to'])")" = 0 ]
	[ "$(message traced-torn "//tr[@id='s5']/@data-past")" = "0:2" ] # still the causal past
}

@test "a stream's strip shows frames as sent, all bytes, and what each read received" {
	[ "$(strip traced-torn at)" = "at0189" ]
	[ "$(strip traced-torn sent)" = "sentalice 1, step 1alice 2, step 2" ]
	[ "$(strip traced-torn bytes)" = "bytesgospnorthgospsouth" ]
	[ "$(strip traced-torn read)" = "read1read 2, bob, step 5✗ never read" ]
	[ "$(message traced-torn "//table[@class='strip']//tr[2]/td[1]/@colspan")" = 8 ]
	[ "$(message traced-torn "//table[@class='strip']//tr[4]/td[2]/@colspan")" = 8 ]
	found=$(message traced-torn "//ul[@class='found']")
	has "alice 1 was received in 2 pieces" "$found"
	has "in frame alice 2, 7 bytes of 8 were never read" "$found"
	has "read 1, 1 byte (injected: short), from frame alice 1" "$found"
	has "read 2, 8 bytes, has bytes of several frames: alice 1, alice 2" "$found"
}

@test "pieces of one call are one frame, and the bytes between them are shown" {
	[ "$(strip traced-pieces bytes)" = "bytesonetwomore" ]
	has "alice 1, 7 bytes, was sent in 2 pieces: other frames' bytes lie between them" \
		"$(message traced-pieces "//ul[@class='found']")"
	has "in frame alice 1, 2 bytes of 7 were never read" \
		"$(message traced-pieces "//ul[@class='found']")"
}

@test "datagrams are shown as dropped, overtaken, truncated and received twice" {
	has "keeps message boundaries; 4 frames, 18 bytes, 4 reads" \
		"$(message traced-dropped "//h3[code]")"
	[ "$(held traced-dropped 2)" = "alice 1 'lost'✗ dropped" ]
	[ "$(held traced-dropped 4)" = "bob 1 'calm'alice 2 'urgent'" ]
	[ "$(held traced-dropped 5)" = "bob 1 'calm'" ]
	[ "$(held traced-dropped 7)" = empty ]
	[ "$(strip traced-dropped bytes)" = "byteslostcalmurgentlate" ]
	[ "$(strip traced-dropped read)" = "read✗ dropped2✗read 1read 3, 4" ]
	found=$(message traced-dropped "//ul[@class='found']")
	has "alice 1 was dropped on its way into the channel" "$found"
	has "in frame bob 1, 2 bytes of 4 were cut off" "$found"
	has "read 1, 6 bytes, received a frame that had overtaken others: alice 2" "$found"
	has "read 2, 2 bytes (injected: truncated), from frame bob 1" "$found"
	has "read 4, 4 bytes, received again: alice 3" "$found"
}

# item NAME: the item's row of the ledger
item() {
	message traced-torn "//table[@class='ledger']//tr[th='$1']"
}

@test "the ledger shows which actor put each item, which took it, and what became of it" {
	[ "$(item alice#1)" = "alice#1alice10bob4⇅ out of order: taken after alice#4" ]
	[ "$(item alice#2)" = "alice#2alice21nobody–✗ overwritten by alice#3, never taken" ]
	[ "$(item alice#3)" = "alice#3alice31bobbob55✗✗ duplicated: taken 2 times" ]
	[ "$(item alice#4)" = "alice#4alice–2bob4○ taken once" ]
	[ "$(item 0xdeadbeef)" = "0xdeadbeefnobody–1bob5✗ torn: nobody put it" ]
	has "1 entry is missing here" "$(message traced-torn "//section[@aria-labelledby='ledger']//p")"
	lacks Ledger "$(words "$MESSAGES/traced-pieces-explore.html")"
}

@test "texts of messages and ledgers are escaped" {
	page=$MESSAGES/traced-markup-explore.html
	lacks "<script>alert" "$(cat "$page")"
	lacks "<i>#1" "$(cat "$page")"
	for i in 1 3 4 5 6; do
		has "<script>alert($i)</script>" "$(words "$page")"
	done
	[ "$(strip traced-markup bytes)" = "bytes<script>alert(2)</script>" ]
}

@test "a page of 500 messages is at most 150 KB, with links only to existing rows" {
	page=$MESSAGES/traced-many-explore.html
	[ "$(grep -c '^<tr id=s' "$page")" -eq 400 ]
	ls -l "$page"
	wc -c "$page"
	[ "$(stat -c %s "$page")" -le $((150 * 1024)) ]
	for page in "$MESSAGES"/traced-{torn,many,pieces,dropped}-explore.html; do
		for link in $(grep -oE "href='?#[^' >]+" "$page" | sed "s/href='\?#//" | sort -u); do
			echo "$page $link"
			grep -qE "id='?$link[' >]" "$page"
		done
	done
}

@test "pages show the bytes that fixtures write into a pipe" {
	[ "$(strip explore-torn_frame bytes)" = "bytesgospnorthgospsouth" ]
	has "has bytes of several frames: producer 1, producer 2" \
		"$(message explore-torn_frame "//ul[@class='found']")"
	has "never read" "$(message explore-torn_frame "//tr[@class='unread']")"
	found=$(message explore-write_beyond_pipe_buf "//ul[@class='found']")
	has ", 5,000 bytes, was sent in 2 pieces: other frames' bytes lie between them" "$found"
	has "has bytes of several frames" "$found"
	has "2 frames, 10,000 bytes" "$(message explore-write_beyond_pipe_buf "//h3[code]")"
	[ "$(strip explore-item_left_in_pipe bytes)" = bytes0100000102000001 ]
	has "producer 2, 4 bytes, was never read" "$(message explore-item_left_in_pipe "//ul[@class='found']")"
	[ "$(message explore-item_left_in_pipe "//tr[@class='unread']")" = \
		"end✗ never readproducer 2 producer#2" ]
	has "✗ lost: never taken" \
		"$(message explore-item_left_in_pipe "//table[@class='ledger']//tr[th='producer#2']")"
	has "○ taken once" \
		"$(message explore-item_left_in_pipe "//table[@class='ledger']//tr[th='producer#1']")"
	lacks "Messages" "$(words "$MESSAGES/explore-pipe_deadlock-explore.html")"
}

@test "texts of a wait-for graph are escaped" {
	page=$TRACES/traced-waits_markup-explore.html
	lacks "<script>alert" "$(cat "$page")"
	for i in 1 2 3 4; do
		has "<script>alert($i)</script>" "$(words "$page")"
	done
}

@test "an injected fault is shown in its row" {
	has "injected malloc fails (libc/mm/malloc: errno=ENOMEM)" "$(steps stuck "//tr[@id='s2']")"
	lacks injected "$(steps stuck "//tr[@id='s3']")"
}

@test "the page shows the schedule's cost, and the memory model that was explored" {
	text=$(words "$TRACES/traced-lost-explore.html")
	has "found with 41 preemptions in 388 steps, shrunk to 1 in 4" "$text"
	has "Context switches2" "$text"
	has "Strategypct" "$text"
	has "sequentially consistent" "$text"
}

@test "the source names the steps of each line, and links only to existing rows" {
	page=$TRACES/traced-lost-explore.html
	has "bob: step 1 (racing)" "$(words "$page")"
	has "alice: step 2" "$(words "$page")"
	for link in $(grep -oE "href='?#[^' >]+" "$page" | sed "s/href='\?#//" | sort -u); do
		echo "$link"
		grep -qE "id='?$link[' >]" "$page"
	done
}

@test "texts of a trace are escaped, and an invalid step does not crash the report" {
	page=$TRACES/traced-says_markup-explore.html
	lacks "<script>alert" "$(cat "$page")"
	for i in 1 2 3 4 5 6 7 8 9; do
		has "<script>alert($i)</script>" "$(words "$page")"
	done
}

@test "the policy lets one script run, and only on the index and pages with an interleaving" {
	page=$TRACES/traced-lost-explore.html
	[ "$(grep -c '<script' "$page")" -eq 1 ]
	hash=$(sed -n '/^<script>/,/<\/script>/p' "$page" | sed '1s/^<script>//' | sed '$d' |
		sha256sum | cut -c1-64 | tr a-f A-F | basenc -d --base16 | base64)
	has "script-src 'sha256-$hash';" "$(head -c 600 "$page")"
	for page in "$REPORT"/*.html; do
		grep -qE "id=(steps|filter)" "$page" && continue
		lacks "<script" "$(cat "$page")"
		lacks script-src "$(cat "$page")"
	done
}

@test "a long interleaving shows its last 400 steps, in at most 150 KB" {
	page=$TRACES/traced-long-explore.html
	[ "$(grep -c '^<tr id=s' "$page")" -eq 400 ]
	has "Showing steps 501 to 900 of 900." "$(words "$page")"
	wc -c "$page"
	[ "$(stat -c %s "$page")" -le $((150 * 1024)) ]
}

# sights KIND: a row of the index's table of kinds and engines, without glyphs
sights() {
	xmllint --html --xpath "normalize-space(//section[@aria-labelledby='h-sight']//tr[th='$1'])" \
		"$REPORT/index.html" 2>/dev/null
}

@test "the kinds that each engine sees are counted from the results, in the index and in kinds.md" {
	[ "$(query "SELECT group_concat(outcome) FROM result WHERE \"case\" IN (SELECT max(\"case\")
		FROM result GROUP BY scenario, variant, engine) AND engine = 'tsan'
		AND json_extract(detail, '\$.catalog.expect.bug') LIKE '%crash%'" "$DB")" = caught ]
	has "crash✓ 1 of 1 caught" "$(sights crash)"
	head -1 "$REPORT/kinds.md" | grep -qx "| bug |.* stress | tsan |.*"
	# Both have the same words; the index has a glyph before them, and possibly "as data-race"
	# after.
	while IFS='|' read -r _ kind cells; do
		row=$(sights "$(tr -d ' ' <<<"$kind")")
		IFS='|' read -ra cells <<<"$cells"
		for cell in "${cells[@]}"; do
			echo "$kind: $cell"
			has "$(sed 's/^ *//; s/ *$//' <<<"$cell")" "$row"
		done
	done < <(tail -n +3 "$REPORT/kinds.md")
	counted=$(grep -oE '[0-9]+ of [0-9]+ caught|[0-9]+ (blind|MISSED|FALSE ALARM)' "$REPORT/kinds.md")
	has blind "$counted"
	has MISSED "$counted"
}

@test "a bug's references are on its page and on its scenario's" {
	has "Described in<script>alert('refs')</script>" "$(words "$REPORT/claims-says_markup-stress.html")"
	has "See <script>alert('refs')</script>" "$(words "$REPORT/scenario.claims.html")"
}

@test "an index of 650 cases is at most 200 KB" {
	cp "$DB" "$BATS_TEST_TMPDIR/many.db"
	query "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 217)
		INSERT INTO result (run, scenario, variant, engine, verdict, outcome, executions, failures,
			first_failure_execution, seconds, token, message, detail)
		SELECT 1, 'bounded_buffer_' || i / 6, 'missing_full_check_' || i, e.value, 'overwrite', 'caught', 1234567,
			123456, 1234, 1, '', 'message', '{\"expected\":\"overwrite\",\"oracle\":\"overwrite\",
			\"seed\":42,\"output\":\"\",\"rules\":[],\"races\":[],\"observed\":[],\"catalog\":
			{\"summary\":\"the producer does not wait while the buffer is full\",\"expect\":{\"bug\":
			\"overwrite\"},\"refs\":\"CWE-820, CERT CON43-C, OSTEP 30, OSC 3.5, LKMM recipes\"}}'
		FROM n, json_each('[\"stress\",\"tsan\",\"explore\"]') e" "$BATS_TEST_TMPDIR/many.db"
	snarl report --db "$BATS_TEST_TMPDIR/many.db" --out "$BATS_TEST_TMPDIR/report"
	[ "$status" -eq 0 ]
	ls -l "$BATS_TEST_TMPDIR/report/index.html"
	[ "$(stat -c %s "$BATS_TEST_TMPDIR/report/index.html")" -le $((200 * 1024)) ]
}

# A store of two runs more: in the last one always_wrong was missed by stress.
changed_store() {
	cp "$DB" "$BATS_TEST_TMPDIR/changed.db"
	query "INSERT INTO run (run, began, environment) VALUES (3, '2126-01-02 03:04:05.678', '{}'),
			(4, '2126-01-03 03:04:05.678', '{}');
		INSERT INTO source SELECT n, path, hash FROM source, (SELECT 3 AS n UNION SELECT 4) WHERE run = 2;
		INSERT INTO result (run, scenario, variant, engine, verdict, outcome, executions, failures, seconds,
				token, message, detail)
			SELECT n, scenario, variant, engine, verdict, iif(n = 4, 'MISSED', outcome), executions, failures,
				seconds, token, 'nothing seen', detail
			FROM result, (SELECT 3 AS n UNION SELECT 4) WHERE run = 2" "$BATS_TEST_TMPDIR/changed.db"
}

# rendered [OPTION]...: the section of the changed store's index that says what changed
rendered() {
	"$SNARL" report --db "$BATS_TEST_TMPDIR/changed.db" --out "$BATS_TEST_TMPDIR/report" "$@" >/dev/null
	xmllint --html --xpath "normalize-space(//section[@aria-labelledby='h-changes'])" \
		"$BATS_TEST_TMPDIR/report/index.html" 2>/dev/null
}

@test "the index begins with the failures, and says what changed since the last comparable run" {
	changed_store
	has "Since run 3, begun 2126-01-02 03:04:05 UTC: 1 outcome changed. claims/always_wrong, stress: ✓ caught → ✗ MISSED" \
		"$(rendered)"
	run xmllint --html --xpath "normalize-space(//main/section[1][@aria-labelledby='h-alarms']//li[contains(., 'always_wrong')])" \
		"$BATS_TEST_TMPDIR/report/index.html"
	has "✗ MISSED claims/always_wrong, stressnothing seen"
}

@test "what changed since any run can be chosen, and others unfold" {
	changed_store
	text=$(rendered --since 1)
	has "Since run 1, begun" "$text"
	lacks gone "$text"
	has "Since run 2, begun" "${text#*Since another run}"
	has "Since run 3, begun" "${text#*Since another run}"
	lacks "Since run 4" "$text"
	has "Since run 2, begun $(query "SELECT substr(began, 1, 19) FROM run WHERE run = 2" "$DB") UTC: no outcome changed" \
		"$(rendered --run 3 --since 2)"
	snarl report --db "$BATS_TEST_TMPDIR/changed.db" --out "$BATS_TEST_TMPDIR/report" --since 99
	refused 3
	has 99 "$stderr"
}

@test "a variant whose source left the scenario's folder leaves the index" {
	changed_store
	has always_wrong "$(words "$REPORT/index.html")"
	# The newest run has another variant of the scenario, and the folder without this one.
	query "INSERT INTO run (run, environment) VALUES (5, '{}');
		INSERT INTO source SELECT 5, path, hash FROM source WHERE run = 1 AND path NOT LIKE '%/always_wrong.c';
		INSERT INTO result (run, scenario, variant, engine, verdict, outcome, executions, failures, seconds,
				token, message, detail)
			SELECT 5, scenario, variant, engine, verdict, outcome, executions, failures, seconds, token,
				message, detail
			FROM result WHERE run = 1 AND variant = 'says_markup'" "$BATS_TEST_TMPDIR/changed.db"
	has " gone" "$(rendered)"
	text=$(words "$BATS_TEST_TMPDIR/report/index.html")
	has says_markup "$text"
	lacks always_wrong "$text"
	# A run alone is shown as it was.
	rendered --run 4
	has always_wrong "$(words "$BATS_TEST_TMPDIR/report/index.html")"
}

@test "the report of a build's own store lacks variants that the build does not have" {
	mkdir "$BATS_TEST_TMPDIR/build"
	cp "$FIXTURES/catalog.jsonl" "$BATS_TEST_TMPDIR/build"
	cp "$DB" "$BATS_TEST_TMPDIR/build/snarl.db"
	query "UPDATE result SET scenario = 'left' WHERE variant = 'segfaults'" "$BATS_TEST_TMPDIR/build/snarl.db"
	SNARL_BUILD=$BATS_TEST_TMPDIR/build snarl report
	[ "$status" -eq 0 ]
	text=$(words "$BATS_TEST_TMPDIR/build/report/index.html")
	has always_wrong "$text"
	lacks segfaults "$text"
}

@test "a scenario's page has each variant's comment, its outcomes, and the fix" {
	page=$REPORT/scenario.canary.html
	text=$(words "$page")
	has "$(sed -n '2s/^ \* //p' "$ROOT/bats/fixtures/canary/lock_that_does_nothing.c" | cut -c1-60)" "$text"
	has "canary-lock_that_does_nothing-tsan.html" "$(cat "$page")"
	has "The fix: what differs in correct_lock.c" "$text"
	run xmllint --html --xpath "string(//pre[contains(@class, 'diff')])" "$page"
	has "$(diff "$ROOT"/bats/fixtures/canary/{lock_that_does_nothing,correct_lock}.c | grep -v '^[<>]  *\*' |
		sed -n 's/^> \(.*;\)$/+\1/p' | head -n 1)"
	for page in "$REPORT"/scenario.*.html; do
		has "href='${page##*/}'" "$(cat "$REPORT/index.html")"
	done
}

@test "the coverage of a clean case is in the index" {
	has "all 1,234 schedules <seen>" "$(words "$TRACES/index.html")"
}

# sarif FILTER: whether the jq filter holds for the exports of both stores
sarif() {
	for store in "$DB" "$BATS_FILE_TMPDIR/traces.db"; do
		log=$BATS_FILE_TMPDIR/$(basename "$store").sarif
		[ -s "$log" ] || "$SNARL" export --format sarif --db "$store" --out "$log"
		jq -e "$1" "$log" >/dev/null
	done
}

@test "SARIF has one result and its rule for every case whose newest result saw something" {
	sarif '.version == "2.1.0" and (."$schema" | endswith("sarif-schema-2.1.0.json")) and
		(.runs | length == 1)'
	[ "$(jq '.runs[0].results | length' "$BATS_FILE_TMPDIR/snarl.db.sarif")" -eq "$(query "SELECT count(*)
		FROM result WHERE verdict <> 'clean' AND \"case\" IN (SELECT max(\"case\") FROM result
		GROUP BY scenario, variant, engine)" "$DB")" ]
	sarif '.runs[0].tool.driver | .name == "snarl" and (.rules | length > 0) and
		all(.rules[]; (.id | length > 0) and (.help.text | length > 0)) and
		([.rules[].id] | unique | length) == (.rules | length)'
	sarif '.runs[0] | .tool.driver.rules as $rules | all(.results[]; (.message.text | length > 0) and
		.ruleId == $rules[.ruleIndex].id)'
}

@test "SARIF locations are lines in files of the tree, and steps are in time order" {
	sarif '[.. | .physicalLocation? // empty] | length > 0 and all((.artifactLocation.uri | length > 0) and
		.region.startLine >= 1)'
	sarif 'all(.runs[0].results[]; .locations | length == 1)'
	sarif '[.. | .threadFlows? // empty | .[].locations] | all(length > 0 and all(.[];
		.location.physicalLocation.artifactLocation.uri and .executionOrder >= 0) and
		([.[].executionOrder] | . == sort))'
	run -0 jq -r '.runs[0].results[] | select(.properties.variant == "lost") | .locations[0],
		.codeFlows[0].threadFlows[0].locations[0].location | .physicalLocation
		| "\(.artifactLocation.uri):\(.region.startLine)"' "$BATS_FILE_TMPDIR/traces.db.sarif"
	[ "$output" = "scenarios/traced/lost.c:3
scenarios/traced/lost.c:2" ]
}

@test "SARIF has an interleaving as a whole, then one actor at a time" {
	sarif true
	run -0 jq -r '.runs[0].results[] | select(.properties.variant == "lost") | .codeFlows[]
		| (.threadFlows | length), .threadFlows[].locations[].location.message.text' \
		"$BATS_FILE_TMPDIR/traces.db.sarif"
	[ "$output" = "1
[bob] reads n: 0
[alice] reads n: 0
[alice] writes n: 0 → 1
[bob] writes n: 1 → 1
2
reads n: 0
writes n: 1 → 1
reads n: 0
writes n: 0 → 1" ]
}

@test "SARIF has the wait-for graph, whose edges join its nodes" {
	sarif 'all(.runs[0].results[].graphs[]?; ([.nodes[].id] | length == (unique | length)) and
		(([.edges[] | .sourceNodeId, .targetNodeId] | unique) - [.nodes[].id] == []))'
	run -0 jq -c '.runs[0].results[] | select(.properties.variant == "deadlocked") | .graphs[0]
		| [(.nodes | length), (.edges | length), .properties.reached]' "$BATS_FILE_TMPDIR/traces.db.sarif"
	[ "$output" = "[5,5,true]" ]
}

@test "SARIF has the weaknesses that a variant names as taxa of its result and of its rule" {
	cp "$DB" "$BATS_TEST_TMPDIR/refs.db"
	query "UPDATE result SET detail = json_set(detail, '\$.catalog.refs', 'CWE-366, CERT CON43-C, CWE-820')
		WHERE variant = 'always_wrong'" "$BATS_TEST_TMPDIR/refs.db"
	snarl export --format sarif --db "$BATS_TEST_TMPDIR/refs.db"
	[ "$status" -eq 0 ]
	jq -e '.runs[0] | .taxonomies[0].taxa as $taxa | .tool.driver.rules as $rules |
		[.results[] | select(.properties.variant == "always_wrong")] | length > 0 and all(.[];
			.properties.refs == ["CWE-366", "CERT CON43-C", "CWE-820"] and
			(.message.text | contains("CERT CON43-C")) and
			([.taxa[] | $taxa[.index].id] == ["366", "820"]) and
			([$rules[.ruleIndex].relationships[].target.id] == ["366", "820"]))' <<<"$output"
}
