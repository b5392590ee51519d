#!/usr/bin/env bats
# Campaigns that GNU parallel runs, on this machine.
# bats file_tags=shares-cores

load helpers
load shards

setup() {
	command -v parallel >"$BATS_TEST_TMPDIR/path" || skip "there is no GNU parallel"
	cd "$BATS_TEST_TMPDIR"
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
	same_as_alone
	resume # changes nothing
	whole
}

@test "after kill -9 of any process, resuming gives every case once" {
	for whom in "snarl run" "sh task" "perl.*parallel" "snarl campaign" "snarl campaign"; do
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
	same_as_alone
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
