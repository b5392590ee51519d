#!/usr/bin/env bats
# Campaigns that GNU parallel runs, on this machine.
# bats file_tags=shares-cores

load helpers
load shards

setup() {
	cd "$BATS_TEST_TMPDIR"
	export PARALLEL_HOME=$PWD/.parallel
	parallel --version >version 2>&1 && has GNU "$(cat version)" || skip "there is no GNU parallel"
}

teardown() {
	end_all
}

@test "a campaign has the cases, the outcomes and the exit status of one process" {
	campaign --parallel --shards 3
	has "3 of 3 shards"
	whole
	same_as_alone
}

@test "shards that differ in their seeds count as one search" {
	SELECTED=(chance claims/always_wrong --engine stress --executions 3000 --split-seeds)
	campaign --parallel --shards 3
	has "3 of 3 shards"
	has "$(wc -l <c/cases) of $(wc -l <c/cases) cases"
	[ "$(query 'SELECT count(*) FROM result' c/all.db)" -eq $((3 * $(wc -l <c/cases))) ]
}

@test "the times of a store balance the shards, also when the campaign is resumed" {
	SNARL_BUILD=$FIXTURES "$SNARL" run "${SELECTED[@]}" --show-progress=never --db times.db || [ $? -eq 1 ]
	campaign --parallel --shards 3 --weights times.db
	whole
	rm times.db c/shard-2.db c/all.db
	resume
	whole
	[ "$(query 'SELECT count(DISTINCT shard) FROM result JOIN run USING (run)' c/all.db)" -eq 3 ]
}

@test "the folder is plain: each line of the plan can be run by hand" {
	campaign --parallel --shards 2 --tasks 1
	[ "$(wc -l <c/plan)" -eq 2 ]
	rm c/shard-2.db
	sh -c "$(sed -n 2p c/plan)" || [ $? -eq 1 ]
	"$SNARL" merge hand.db c/shard-*.db
	diff <(outcomes c/all.db) <(outcomes hand.db)
}

@test "^C leaves a campaign that can be resumed, and that two cannot at once" {
	begin --parallel --shards 4
	campaign=$!
	until [ -e c/shard-2.db ]; do sleep 0.02; done
	snarl campaign --resume c
	refused 3
	kill -INT $campaign
	wait $campaign || code=$?
	[ "$code" -eq 130 ]
	has "campaign --resume" "$(cat out)"
	all_gone
	resume
	whole
	resume # changes nothing
	whole
}

@test "after kill -9 of any process, resuming gives every case once" {
	mapfile -t actors < <(moments "snarl run" "sh task" "perl.*parallel" "snarl campaign" "snarl campaign")
	for whom in "${actors[@]}"; do
		rm -rf c
		begin --parallel --shards 4
		campaign=$!
		until [ -e c/campaign.json ]; do sleep 0.02; done
		some_time
		strike "$whom"
		wait $campaign || true
		resume
		whole
	done
}

@test "bad options are refused with a sentence" {
	snarl campaign --shards 2
	refused 2
	snarl campaign --parallel
	refused 2
	snarl campaign --parallel --slurm --shards 2
	refused 2
	snarl campaign --parallel --shards 2 --shard 1/2
	refused 2
	snarl campaign --parallel --shards 2 --no-such-option
	refused 2
	snarl campaign --parallel --shards 2 no_such_scenario
	[ "$status" -eq 2 ]
	snarl campaign --resume none
	refused 2
	[ ! -e campaign/campaign.json ]
}
