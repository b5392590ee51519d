#!/usr/bin/env bats
# The store: it has every finished case, whichever process is killed and however many write, and a
# sentence says what is wrong with the file.
# bats file_tags=store

load helpers

teardown() {
	end_all
	if [ -d "$BATS_TEST_TMPDIR/small" ]; then
		umount "$BATS_TEST_TMPDIR/small" 2>/dev/null || true
	fi
}

# start OPTION...: run quick cases of the fixtures in the background; $BATS_TEST_TMPDIR/out has
# their JSON
start() {
	SNARL_BUILD=$FIXTURES SNARL_TEST_MARK=$BATS_TEST_TMPDIR "$SNARL" run claims ledger canary \
		--json --show-progress=never --db "$BATS_TEST_TMPDIR/snarl.db" "$@" \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	pid=$!
}

# after_cases COUNT: wait until so many cases are finished
after_cases() {
	for _ in {1..200}; do
		[ "$(wc -l <"$BATS_TEST_TMPDIR/out")" -ge "$1" ] && return 0
		sleep 0.05
	done
	return 1
}

sound() {
	[ "$(query 'PRAGMA integrity_check')" = ok ]
}

@test "a run is stored with its cases, outcomes and injections" {
	on_fixtures run claims/always_wrong --executions 20 --inject increment/begun:yield --json \
		--db "$BATS_TEST_TMPDIR/snarl.db"
	sound
	[ "$(query 'SELECT run, how FROM run')" = "1|done" ]
	[ "$(query "SELECT scenario, variant, engine, verdict, outcome, executions FROM result
		WHERE engine = 'stress'")" = "claims|always_wrong|stress|lost-update|caught|20" ]
	[ "$(query 'SELECT count(*), count(DISTINCT engine) FROM result')" = "3|3" ]
	[ "$(query "SELECT count(*) FROM result WHERE detail ->> '\$.took' >= seconds")" -eq 3 ]
	[ "$(query "SELECT value ->> 'label', value ->> 'count' FROM result, json_each(detail, '\$.outcomes')
		WHERE engine = 'stress'")" = "counter = 2|20" ]
	[ "$(query "SELECT DISTINCT value ->> 'rule' FROM result, json_each(detail, '\$.injections')")" = increment/begun:yield ]
	[ "$(query 'SELECT token FROM result WHERE engine = "stress"')" = \
		"$(jq -r 'select(.engine == "stress").token' <<<"$output")" ]
}

@test "runs add up in one store" {
	fixture claims/may_see_nothing stress --executions 10
	fixture claims/may_see_nothing stress --executions 10
	[ "$(query 'SELECT group_concat(run) FROM (SELECT run FROM run ORDER BY run)')" = 1,2 ]
	[ "$(query 'SELECT count(*) FROM result')" -eq 2 ]
}

@test "a result is in the store while the run continues" {
	start --engine stress --budget 300ms
	after_cases 3
	[ "$(query 'SELECT count(*) FROM result')" -ge 2 ] # the third may not be stored yet
	[ -z "$(query 'SELECT how FROM run')" ]
	kill -9 "$pid"
	wait "$pid" || true
}

@test "a run killed at any time leaves a sound store with its finished cases, and no child" {
	for round in 1 2 3 4 5; do
		rm -f "$BATS_TEST_TMPDIR"/snarl.db*
		start --engine stress --executions 2000 --budget 300ms
		sleep "0.$((RANDOM % 90 + 10))"
		kill -9 "$pid" 2>/dev/null || true
		wait "$pid" || true
		all_gone
		done=$(wc -l <"$BATS_TEST_TMPDIR/out")
		echo "round $round: $done cases"
		[ -e "$BATS_TEST_TMPDIR/snarl.db" ] || continue
		sound
		[ "$(query "SELECT count(*) FROM sqlite_master WHERE name = 'result'")" -eq 1 ] || continue
		[ "$(query 'SELECT count(*) FROM result')" -ge $((done - 1)) ]
		[ "$(query 'SELECT count(*) FROM result WHERE NOT json_valid(detail)')" -eq 0 ]
		snarl report --db "$BATS_TEST_TMPDIR/snarl.db" --out "$BATS_TEST_TMPDIR/report"
		[ "$status" -eq 0 ]
		fixture claims/may_see_nothing stress --executions 10
		[ "$status" -eq 0 ]
	done
}

@test "eight runs at once on one store lose nothing" {
	pids=()
	for i in {1..8}; do
		SNARL_BUILD=$FIXTURES "$SNARL" run ledger --engine stress --executions 300 --json \
			--show-progress=never --db "$BATS_TEST_TMPDIR/snarl.db" \
			>"$BATS_TEST_TMPDIR/out.$i" 3>&- &
		pids+=($!)
	done
	for one in "${pids[@]}"; do
		wait "$one"
	done
	files=("$ROOT"/bats/fixtures/ledger/*.c)
	sound
	[ "$(cat "$BATS_TEST_TMPDIR"/out.* | wc -l)" -eq $((8 * ${#files[@]})) ]
	[ "$(query 'SELECT count(*) FROM result')" -eq $((8 * ${#files[@]})) ]
	[ "$(query "SELECT count(*) FROM run WHERE how = 'done'")" -eq 8 ]
	[ "$(query 'SELECT count(DISTINCT n) FROM (SELECT count(*) AS n FROM result GROUP BY run)')" -eq 1 ]
}

# A hard link in another folder stands for another machine: it shares the file and its locks, but
# neither memory nor what lies beside the file. ramfs stands for a file system that is shared.
@test "where other machines may see a store, one can read it while another writes it" {
	unshare --mount true 2>"$BATS_TEST_TMPDIR/errors" || skip "may not mount here: $(cat "$BATS_TEST_TMPDIR/errors")"
	mkdir "$BATS_TEST_TMPDIR/shared"
	export SNARL FIXTURES
	run unshare --mount bash -eu -c '
		mount -t ramfs ramfs "$1"
		cd "$1"
		SNARL_BUILD=$FIXTURES "$SNARL" run ledger claims --engine stress --executions 300 \
			--json --show-progress=never --db here.db >out 3>&- &
		mkdir elsewhere
		until ln here.db elsewhere/there.db 2>errors; do sleep 0.01; done
		known=0 seen=0
		while kill -0 $! 2>errors; do
			now=$(sqlite3 -cmd ".timeout 10000" elsewhere/there.db \
				"SELECT count(*) FROM sqlite_schema JOIN result" 2>errors) || continue
			[ "$now" -ge "$known" ]
			[ "$now" -eq "$known" ] || seen=$((seen + 1))
			known=$now
			sleep 0.01
		done
		echo "changes seen: $seen"
		[ "$seen" -gt 1 ]
		"$SNARL" merge elsewhere/all.db elsewhere/there.db
		[ "$(sqlite3 elsewhere/all.db "SELECT count(*) FROM result")" -eq "$(wc -l <out)" ]
		sqlite3 here.db "PRAGMA journal_mode = WAL" # as a store that was copied here may be
		"$SNARL" merge elsewhere/all.db here.db
		[ "$(sqlite3 here.db "PRAGMA journal_mode")" = delete ]
	' - "$BATS_TEST_TMPDIR/shared"
	echo "$output"
	[ "$status" -eq 0 ]
}

# interrupted_by SIGNAL
interrupted_by() {
	start --engine stress --budget 400ms
	after_cases 3
	kill -"$1" "$pid"
	code=0
	wait "$pid" || code=$?
	[ "$code" -eq 130 ]
	all_gone
	sound
	[ "$(query 'SELECT how FROM run')" = interrupted ]
	[ "$(query 'SELECT count(*) FROM result')" -eq "$(wc -l <"$BATS_TEST_TMPDIR/out")" ]
	jq -es 'length >= 3' "$BATS_TEST_TMPDIR/out"
}

@test "SIGINT exits with 130, stores the finished cases, and leaves no child" {
	interrupted_by INT
}

@test "SIGTERM stores the finished cases, and leaves no child" {
	interrupted_by TERM
}

@test "SIGINT during a hang stores the finished cases, and leaves no child" {
	SNARL_BUILD=$FIXTURES SNARL_TEST_MARK=$BATS_TEST_TMPDIR "$SNARL" run misbehaves/never_ends \
		--engine stress --db "$BATS_TEST_TMPDIR/snarl.db" 3>&- &
	pid=$!
	for _ in {1..100}; do
		[ "$(left_behind | wc -l)" -ge 2 ] && break
		sleep 0.02
	done
	sleep 0.2
	kill -INT "$pid"
	code=0
	wait "$pid" || code=$?
	[ "$code" -eq 130 ]
	all_gone
	[ "$(query 'SELECT how FROM run')" = interrupted ]
}

# cannot_run: exit 3 and a sentence that names the store
cannot_run() {
	[ "$status" -eq 3 ]
	[[ $stderr == "snarl: "* ]]
	has snarl.db "$stderr"
}

@test "garbage in place of a store exits with 3, and is left unchanged" {
	head -c 50000 /dev/urandom >"$BATS_TEST_TMPDIR/snarl.db"
	before=$(cksum <"$BATS_TEST_TMPDIR/snarl.db")
	fixture claims/may_see_nothing stress --executions 10
	cannot_run
	[ "$before" = "$(cksum <"$BATS_TEST_TMPDIR/snarl.db")" ]
	snarl report --db "$BATS_TEST_TMPDIR/snarl.db" --out "$BATS_TEST_TMPDIR/report"
	cannot_run
}

@test "a truncated store exits with 3" {
	fixture claims/may_see_nothing stress --executions 10
	rm -f "$BATS_TEST_TMPDIR"/snarl.db-*
	truncate -s 6000 "$BATS_TEST_TMPDIR/snarl.db"
	fixture claims/may_see_nothing stress --executions 10
	cannot_run
	snarl report --db "$BATS_TEST_TMPDIR/snarl.db" --out "$BATS_TEST_TMPDIR/report"
	cannot_run
}

@test "a store with damaged pages never causes a crash" {
	fixture claims/may_see_nothing stress --executions 10
	rm -f "$BATS_TEST_TMPDIR"/snarl.db-*
	cp "$BATS_TEST_TMPDIR/snarl.db" "$BATS_TEST_TMPDIR/whole.db"
	pages=$(($(stat -c %s "$BATS_TEST_TMPDIR/whole.db") / 4096))
	for ((page = 1; page < pages; page++)); do
		cp "$BATS_TEST_TMPDIR/whole.db" "$BATS_TEST_TMPDIR/snarl.db"
		dd if=/dev/urandom of="$BATS_TEST_TMPDIR/snarl.db" bs=4096 seek=$page count=1 \
			conv=notrunc status=none
		snarl report --db "$BATS_TEST_TMPDIR/snarl.db" --out "$BATS_TEST_TMPDIR/report"
		echo "page $page: $status $stderr"
		[ "$status" -eq 0 ] || cannot_run
	done
}

@test "a store of a newer snarl exits with 3, and is left unchanged" {
	query 'PRAGMA application_id = 0x736e726c; PRAGMA user_version = 99; CREATE TABLE future (what TEXT)'
	fixture claims/may_see_nothing stress --executions 10
	cannot_run
	has newer "$stderr"
	snarl report --db "$BATS_TEST_TMPDIR/snarl.db" --out "$BATS_TEST_TMPDIR/report"
	cannot_run
	[ "$(query .tables | xargs)" = future ]
}

# older VERSION: make the test's store one that a snarl of that version has written: 300 executions
# of counter/unsynchronised and counter/correct_mutex on each engine, and since version 3 of
# lock_order/ab_ba
older() {
	rm -f "$BATS_TEST_TMPDIR"/snarl.db*
	cp "$BATS_TEST_DIRNAME/stores/version_$1.db" "$BATS_TEST_TMPDIR/snarl.db"
}

# schema: the schema of the test's store, without white space
schema() {
	query 'SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name' | tr -d ' \n\t'
}

# of_details PART: the rows of that part of all cases' details
of_details() {
	query "SELECT \"case\", $2 FROM result, json_each(detail, '\$.$1') ORDER BY 1, 2, 3"
}

@test "a store of an earlier version is upgraded in place, and keeps its contents" {
	fixture claims/may_see_nothing stress --executions 10
	fresh=$(schema)
	for version in 1 2 3; do
		older "$version"
		results=$(query 'SELECT "case", run, scenario, variant, engine, verdict, outcome, executions,
			failures, token, message, expected, oracle, seed, rules FROM result')
		outcomes=$(query 'SELECT "case", label, count FROM outcome ORDER BY 1, 2, 3')
		injections=$(query 'SELECT "case", rule, count FROM injection ORDER BY 1, 2, 3')
		races=$(query 'SELECT "case", races FROM failure ORDER BY 1')
		fixture claims/may_see_nothing stress --executions 10
		[ "$status" -eq 0 ]
		query 'DELETE FROM result WHERE scenario = "claims"'
		sound
		[ "$(query 'PRAGMA user_version')" = 6 ]
		[ "$(schema)" = "$fresh" ]
		[ "$(query "SELECT \"case\", run, scenario, variant, engine, verdict, outcome, executions,
			failures, token, message, detail ->> 'expected', detail ->> 'oracle', detail ->> 'seed',
			detail -> 'rules' FROM result")" = "$results" ]
		[ "$(of_details outcomes "value ->> 'label', value ->> 'count'")" = "$outcomes" ]
		[ "$(of_details injections "value ->> 'rule', value ->> 'count'")" = "$injections" ]
		[ "$(query "SELECT \"case\", detail -> 'races' FROM result ORDER BY 1")" = "$races" ]
	done
}

@test "a store of an earlier version is rendered, each failure with a page" {
	for version in 1 2 3 4; do
		older "$version"
		snarl report --db "$BATS_TEST_TMPDIR/snarl.db" --out "$BATS_TEST_TMPDIR/report$version"
		[ "$status" -eq 0 ]
		for engine in $(query "SELECT engine FROM result WHERE outcome = 'caught' AND scenario = 'counter'"); do
			page="$BATS_TEST_TMPDIR/report$version/counter-unsynchronised-$engine.html"
			[ -s "$page" ]
			message=$(query "SELECT substr(message, 1, 12) FROM result
				WHERE engine = '$engine' AND variant = 'unsynchronised'")
			grep -qF "$message" "$page"
		done
	done
	grep -q 'held by alice' "$BATS_TEST_TMPDIR/report4/lock_order-ab_ba-stress.html"
	grep -q 'id=interleaving' "$BATS_TEST_TMPDIR/report2/counter-unsynchronised-explore.html"
	grep -q 'sequentially consistent' "$BATS_TEST_TMPDIR/report2/counter-unsynchronised-explore.html"
	grep -q 'ThreadSanitizer saw' "$BATS_TEST_TMPDIR/report1/counter-unsynchronised-tsan.html"
}

@test "two reports upgrade a store at once" {
	older 1
	"$SNARL" report --db "$BATS_TEST_TMPDIR/snarl.db" --out "$BATS_TEST_TMPDIR/one" &
	"$SNARL" report --db "$BATS_TEST_TMPDIR/snarl.db" --out "$BATS_TEST_TMPDIR/two"
	wait $!
	[ "$(query 'PRAGMA user_version')" = 6 ]
	diff -r "$BATS_TEST_TMPDIR/one" "$BATS_TEST_TMPDIR/two"
}

@test "another program's database exits with 3, and is left unchanged" {
	query 'CREATE TABLE recipe (name TEXT)'
	fixture claims/may_see_nothing stress --executions 10
	cannot_run
	[ "$(query .tables | xargs)" = recipe ]
}

@test "a folder in place of a store exits with 3" {
	mkdir "$BATS_TEST_TMPDIR/snarl.db"
	fixture claims/may_see_nothing stress --executions 10
	cannot_run
	snarl report --db "$BATS_TEST_TMPDIR/snarl.db" --out "$BATS_TEST_TMPDIR/report"
	cannot_run
}

@test "a store in a missing folder exits with 3" {
	on_fixtures run claims/may_see_nothing --db "$BATS_TEST_TMPDIR/none/snarl.db"
	cannot_run
}

# as_nobody COMMAND...: run it without root's privileges
as_nobody() {
	if [ "$(id -u)" -ne 0 ]; then
		run --separate-stderr "$@"
		return
	fi
	command -v setpriv >/dev/null || skip "needs setpriv"
	setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$SNARL" ||
		skip "the build cannot be read by others"
	run --separate-stderr setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

@test "a store that may not be read exits with 3" {
	fixture claims/may_see_nothing stress --executions 10
	chmod 0 "$BATS_TEST_TMPDIR/snarl.db"
	as_nobody env SNARL_BUILD="$FIXTURES" "$SNARL" run claims/may_see_nothing \
		--executions 10 --db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$status" -eq 3 ]
	has snarl.db "$stderr"
	as_nobody "$SNARL" report --db "$BATS_TEST_TMPDIR/snarl.db" --out "$BATS_TEST_TMPDIR/report"
	[ "$status" -eq 3 ]
	has snarl.db "$stderr"
}

# small_disk SIZE: a file system of its own at $BATS_TEST_TMPDIR/small
small_disk() {
	mkdir "$BATS_TEST_TMPDIR/small"
	mount -t tmpfs -o "size=$1" none "$BATS_TEST_TMPDIR/small" 2>/dev/null ||
		skip "may not mount a tmpfs here"
}

@test "a disk that fills up exits with 3, and every result is still printed" {
	small_disk 256k
	on_fixtures run ledger claims --engine stress --executions 300 --json --show-progress=never \
		--db "$BATS_TEST_TMPDIR/small/snarl.db"
	files=("$ROOT"/bats/fixtures/{ledger,claims}/*.c)
	[ "$status" -eq 3 ]
	[ "$(wc -l <<<"$output")" -eq ${#files[@]} ]
	jq -es 'all(.[]; .type == "case")' <<<"$output"
	has "not stored" "$stderr"
	has full "$stderr"
	[ "$(query 'PRAGMA integrity_check' "$BATS_TEST_TMPDIR/small/snarl.db")" = ok ]
	[ "$(query 'SELECT count(*) FROM result' "$BATS_TEST_TMPDIR/small/snarl.db")" -gt 0 ]
}

@test "a full disk exits with 3 and a sentence" {
	small_disk 64k
	head -c 60000 /dev/zero >"$BATS_TEST_TMPDIR/small/filler" || true
	on_fixtures run claims/may_see_nothing --executions 10 --db "$BATS_TEST_TMPDIR/small/snarl.db"
	cannot_run
}
