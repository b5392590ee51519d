#!/usr/bin/env bats
# Cases in shards, stores merged into one, and what differs between two stores.
# bats file_tags=shares-cores

load helpers
load shards

setup() {
	cd "$BATS_TEST_TMPDIR"
}

teardown() {
	end_all
}

# shard K/N [OPTION]...: the cases of that shard of the whole corpus
shard() {
	"$SNARL" list --cases --shard "$@"
}

# some STORE [OPTION]...: run a few fixtures into that store, whose outcomes do not depend on chance
some() {
	on_fixtures run claims/always_wrong claims/claims_a_bug_it_does_not_have claims/may_see_nothing \
		claims/says_markup ledger --engine stress --executions 10 --json --show-progress=never \
		--db "$@"
}

# made STORE COMMIT OUTCOME... : a store with a run of that commit per outcome of the case s/v
made() {
	local outcome store=$1 commit=$2
	[ -e "$store" ] || on_fixtures run claims/may_see_nothing --engine stress --executions 1 \
		--json --show-progress=never --db "$store"
	query "DELETE FROM result; DELETE FROM run" "$store"
	for outcome in "${@:3}"; do
		query "INSERT INTO run (environment, identity)
				VALUES ('{\"commit\":\"$commit\"}', hex(randomblob(9)));
			INSERT INTO result (run, scenario, variant, engine, verdict, outcome, executions,
				failures, seconds, token, message, detail)
			VALUES (last_insert_rowid(), 's', 'v', 'stress', 'assertion', '${outcome%:*}',
				100000, ${outcome#*:}, 1, '', '', '{}')" "$store"
	done
}

@test "every case is in exactly one shard, however many there are" {
	"$SNARL" list --cases | sort >all
	for n in 1 2 4 8 50 2000; do
		for k in $(seq "$n"); do
			[ "$n" -le 50 ] || [ $((k % 400)) -eq 1 ] || continue
			shard "$k/$n"
		done | sort >"$n"
		[ "$n" -gt 50 ] || cmp all "$n"
		[ -z "$(uniq -d "$n")" ]
	done
}

@test "the times of a store balance the shards within a tenth" {
	[ -e "$BUILD/snarl.db" ] || skip "there is no store: make check-races"
	for n in 2 4 8; do
		for k in $(seq "$n"); do
			"$SNARL" list --cases --shard "$k/$n" --weights "$BUILD/snarl.db" >"$n.$k"
		done
		query "SELECT scenario || '/' || variant || ' ' || engine, avg(coalesce(detail ->> '\$.took', seconds))
			FROM result GROUP BY 1" "$BUILD/snarl.db" | tr '|' ' ' >times
		for k in $(seq "$n"); do
			awk 'NR == FNR { time[$1 " " $2] = $3; next } { sum += time[$1 " " $2] } END { print sum }' \
				times "$n.$k"
		done | sort -n >sums
		cat sums
		awk 'NR == 1 { least = $1 } END { exit $1 > 1.1 * least }' sums
	done
}

@test "shards that are merged have the cases and the outcomes of one process" {
	some one.db
	one=$(jq -r '[.scenario, .variant, .outcome] | @tsv' <<<"$output" | sort)
	for n in 2 4 8; do
		rm -f part*.db all.db
		for k in $(seq "$n"); do
			some "part$k.db" --shard "$k/$n"
		done
		run -0 "$SNARL" merge all.db part*.db
		has "$n of $n shards"
		[ "$(query "SELECT scenario, variant, outcome FROM result ORDER BY 1, 2" all.db | tr '|' '\t' | sort)" = "$one" ]
		[ "$(query 'PRAGMA integrity_check' all.db)" = ok ]
	done
}

@test "merging again changes nothing, in whatever order, and a missing shard is named" {
	for k in 1 2 3 4; do
		some "part$k.db" --shard "$k/4"
	done
	dump() {
		query "SELECT identity, campaign, shard, how, scenario, variant, outcome, detail FROM result
			JOIN run USING (run) ORDER BY 1, result.\"case\"" "$1" | sha256sum
	}
	run -0 "$SNARL" merge some.db part1.db part4.db
	has "2 of 4 shards; not complete: 2, 3"
	"$SNARL" report --db some.db --out report
	has "2 of 4 shards; not complete: 2, 3" "$(cat report/index.html)"
	"$SNARL" merge all.db part3.db part2.db part1.db part4.db
	all=$(dump all.db)
	"$SNARL" merge all.db some.db part4.db all.db.none 2>/dev/null || [ $? -eq 3 ]
	"$SNARL" merge all.db some.db part4.db
	[ "$(dump all.db)" = "$all" ]
	"$SNARL" merge again.db some.db part2.db all.db
	[ "$(dump again.db)" = "$all" ]
	run ! "$SNARL" merge all.db all.db
}

@test "a run that has gone on is merged as far as it is" {
	some whole.db
	cp whole.db part.db
	query "DELETE FROM result WHERE \"case\" > 2; UPDATE run SET how = NULL, ended = NULL" part.db
	"$SNARL" merge all.db part.db
	[ "$(query 'SELECT count(*) FROM result' all.db)" -eq 2 ]
	"$SNARL" merge all.db whole.db part.db
	[ "$(query 'SELECT count(*), how FROM result JOIN run USING (run)' all.db)" = \
		"$(query 'SELECT count(*), how FROM result JOIN run USING (run)' whole.db)" ]
}

@test "stores of earlier versions are merged, and copies of one are the same runs" {
	for version in 1 2 3 4; do
		cp "$BATS_TEST_DIRNAME/stores/version_$version.db" "old$version.db"
		cp "old$version.db" "copy$version.db"
	done
	"$SNARL" merge all.db old*.db
	results=$(query 'SELECT count(*) FROM result' all.db)
	"$SNARL" merge all.db copy*.db
	[ "$(query 'SELECT count(*) FROM result' all.db)" -eq "$results" ]
	[ "$results" -gt 0 ]
}

@test "a merge that is killed leaves all of a store, or nothing" {
	some part.db
	query "INSERT INTO result (run, scenario, variant, engine, verdict, outcome, executions, failures,
			seconds, token, message, detail)
		SELECT run, scenario, 'v' || value, engine, verdict, outcome, executions, failures, seconds,
			token, message, detail FROM result JOIN generate_series(1, 3000)" part.db
	all=$(query 'SELECT count(*) FROM result' part.db)
	for _ in $(seq "${MOMENTS:-10}"); do
		rm -f all.db*
		"$SNARL" merge all.db part.db &
		sleep "0.0$((RANDOM % 10))$((RANDOM % 10))"
		kill -9 $! 2>/dev/null || true
		wait $! || true
		[ -e all.db ] || continue
		has "$(query 'SELECT count(*) FROM result' all.db 2>/dev/null)" "0 $all "
	done
	"$SNARL" merge all.db part.db
	[ "$(query 'SELECT count(*) FROM result' all.db)" -eq "$all" ]
}

@test "a campaign that is run again runs what has no result yet, and tells of all" {
	some one.db
	all=$(jq -s length <<<"$output")
	code=$status
	some part.db --campaign weekly
	query 'DELETE FROM result WHERE "case" > 3' part.db
	some part.db --campaign weekly
	[ "$(jq -s length <<<"$output")" -eq $((all - 3)) ]
	[ "$status" -eq "$code" ]
	some part.db --campaign weekly
	[ -z "$output" ]
	[ "$status" -eq "$code" ]
	for half in empty.db none.db; do # killed while it made the store
		[ $half = none.db ] || : >$half
		some $half --campaign weekly
		[ "$(jq -s length <<<"$output")" -eq "$all" ]
	done
	some part.db --campaign other
	[ "$(jq -s length <<<"$output")" -eq "$all" ]
}

@test "shards may differ in their seeds, and one of them alone does the exhaustive search" {
	for k in 1 2; do
		on_fixtures run explore/order_violation_n3 explore/correct_condition --engine explore \
			--json --show-progress=never --budget 300ms --seed 7 --shard $k/2 --split-seeds --db $k.db
		[ "$(jq -s length <<<"$output")" -eq 2 ]
		field seed | sort -u >$k.seed
		field '| select(.variant == "correct_condition").coverage' >$k.coverage
	done
	run ! cmp 1.seed 2.seed
	echo "$(cat 1.coverage) $(cat 2.coverage)"
	[ "$(cat 1.coverage)" != null ]
	[ "$(cat 2.coverage)" = null ]
}

@test "a shard that ran a case again has its last result; different shards have the one with a bug" {
	findings() {
		"$SNARL" export --format sarif --db a.db | jq '.runs[0].results | length'
	}
	made a.db a "FALSE ALARM:1" clean:0
	query "UPDATE run SET campaign = 'w', shard = 1, shards = 2;
		UPDATE result SET verdict = 'clean' WHERE outcome = 'clean'" a.db
	[ "$(findings)" -eq 0 ]
	query "UPDATE run SET shard = 2 WHERE run = (SELECT max(run) FROM run)" a.db
	[ "$(findings)" -eq 1 ]
}

@test "a merge again takes as little time as the first, with results that are there" {
	some part.db
	query "INSERT INTO result (run, scenario, variant, engine, verdict, outcome, executions, failures,
			seconds, token, message, detail)
		SELECT run, scenario, 'v' || value, engine, verdict, outcome, executions, failures, seconds,
			token, message, '{}' FROM result JOIN generate_series(1, 6000)" part.db
	"$SNARL" merge all.db part.db
	run -0 timeout 20 "$SNARL" merge all.db part.db
	has "0 runs and 0 results added"
}

@test "compare tells what is new, fixed, flaky and rarer, and fails on something new" {
	made old.db a clean:0 clean:0 clean:0
	made new.db b "FALSE ALARM:3" clean:0
	run -1 "$SNARL" compare old.db new.db
	has "new     s/v on stress"
	has "1 of 2 results, before in 0 of 3"
	run -0 "$SNARL" compare new.db old.db
	has "fixed   s/v on stress"
	made old.db a "FALSE ALARM:1"
	run -0 "$SNARL" compare old.db new.db
	has "flaky   s/v on stress"
	made old.db a caught:900 caught:1000 caught:1100
	made new.db b caught:10 caught:11 caught:9
	run -0 "$SNARL" compare old.db new.db
	has "rarer   s/v on stress"
	run -0 "$SNARL" compare new.db old.db
	has "1 cases: no difference"
	run -0 "$SNARL" compare old.db old.db --format json
	[ -z "$output" ]
	run -0 "$SNARL" compare old.db new.db --format markdown
	has '| rarer | `s/v` | stress |'
}

@test "README's commands for shards do what it says" {
	"$SNARL" run counter --executions 100 --show-progress=never --db main.db || [ $? -eq 1 ]
	run -0 readme "snarl (run|merge|report|compare)"
	has "2 of 2 shards"
	[ -s pages/index.html ]
	[ "$(query 'SELECT count(*) FROM result' all.db)" -eq "$(query 'SELECT count(*) FROM result' main.db)" ]
}

@test "bad shards, weights and stores are refused with a sentence" {
	for shard in 0/3 4/3 3 a/b 1/0 1/2/3 -1/2 1/2x; do
		snarl run counter --shard "$shard"
		refused 2
	done
	snarl run counter --weights "$BUILD/snarl.db"
	refused 2
	snarl run counter --split-seeds
	refused 2
	snarl run counter --shard 1/2 --weights none.db
	refused 2
	snarl merge all.db
	refused 2
	snarl merge all.db none.db
	refused 3
	snarl compare none.db all.db
	refused 3
	snarl compare all.db
	refused 2
}
