#!/usr/bin/env bats
# Campaigns that GNU parallel runs, on this machine and through ssh.
# bats file_tags=shares-cores

load helpers
load shards

# machine_start NAME: an sshd on this machine, whose logins have a folder of their own
machine_start() {
	local port
	mkdir -p "$1"
	ssh-keygen -q -t ed25519 -N '' -f "$1.host" </dev/null
	until port=$((20000 + RANDOM % 12000)) && ! ss -Hltn "sport = :$port" | grep -q .; do :; done
	cat >"$1.sshd" <<-END
		Port $port
		ListenAddress 127.0.0.1
		HostKey $PWD/$1.host
		PidFile $PWD/$1.pid
		AuthorizedKeysFile $PWD/key.pub
		StrictModes no
		UsePAM no
		PasswordAuthentication no
		PermitRootLogin yes
		MaxStartups 100
		SetEnv HOME=$PWD/$1 SNARL_TEST_MARK=$BATS_TEST_TMPDIR
		ForceCommand cd $PWD/$1 && eval "\$SSH_ORIGINAL_COMMAND"
	END
	cat >>ssh.conf <<-END
		Host $1
			HostName 127.0.0.1
			Port $port
			IdentityFile $PWD/key
			UserKnownHostsFile $PWD/known
			StrictHostKeyChecking accept-new
			BatchMode yes
			ControlMaster auto
			ControlPath $PWD/%n.control
			ControlPersist 20
	END
	[ ! -w /run ] || mkdir -p /run/sshd # root's sshd needs it
	env SNARL_TEST_MARK="$BATS_TEST_TMPDIR" "$(command -v sshd)" -f "$PWD/$1.sshd" -E "$PWD/$1.log"
	ssh -F ssh.conf "$1" true
	echo "ssh -F $PWD/ssh.conf $1" >>machines
}

machines_start() {
	local program name
	PATH=$PATH:/usr/sbin
	for program in sshd ssh ssh-keygen rsync ss; do
		command -v "$program" >path || skip "there is no $program"
	done
	ssh-keygen -q -t ed25519 -N '' -f key </dev/null
	for name; do
		machine_start "$name" 2>>ssh.errors || skip "sshd does not work here: $(tail -n 1 ssh.errors)"
	done
}

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
}

@test "through ssh, machines that share nothing have the outcomes of one process" {
	machines_start one other
	echo "ssh -F $PWD/ssh.conf absent" >>machines
	campaign --parallel --sshlogin machines --shards 4 --tasks 1
	has "absent cannot be reached"
	has "4 of 4 shards"
	whole
	same_as_alone
	[ "$(cut -f 2 c/joblog | sort -u | grep -c ssh)" -eq 2 ]
	[ -s c/logs/4 ]
	[ -z "$(find one other -name '*.db*')" ]
}

@test "through ssh, after kill -9 of any process, resuming gives every case once" {
	machines_start one other
	for whom in "snarl run" "sshd" "snarl campaign"; do
		rm -rf c
		begin --parallel --sshlogin machines --shards 4 --tasks 1
		campaign=$!
		until [ -e c/pending ]; do sleep 0.02; done
		some_time
		some_time
		strike "$whom"
		wait $campaign || true
		resume
		whole
	done
}

@test "README's commands for GNU parallel and ssh do what it says" {
	machines_start one
	readme "snarl campaign .*--(parallel|resume)"
	for folder in campaign by-ssh; do
		[ -s $folder/report/index.html ]
		diff <(sort $folder/cases) <(query "SELECT scenario || '/' || variant || ' ' || engine FROM result" $folder/all.db | sort)
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
