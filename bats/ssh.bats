#!/usr/bin/env bats
# Campaigns that GNU parallel runs through ssh: several sshd of their own stand for other machines.
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

# An sshd hides its environment, and with that the mark.
teardown() {
	cat ./*.pid | xargs -r kill || true
	end_all
}

# strike_session: kill -9 one connection on the side of the other machine
strike_session() {
	cat ./*.pid | xargs -rI{} pgrep -P {} | shuf -n 1 | xargs -r kill -9 || true
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
	mapfile -t actors < <(moments "snarl run" session "snarl campaign")
	for whom in "${actors[@]}"; do
		rm -rf c
		begin --parallel --sshlogin machines --shards 4 --tasks 1
		campaign=$!
		until [ -e c/pending ]; do sleep 0.02; done
		some_time
		some_time
		if [ "$whom" = session ]; then strike_session; else strike "$whom"; fi
		wait $campaign || true
		resume
		whole
	done
}

@test "through ssh, a merge that dies on the other machine is made again" {
	machines_start one
	cat >dies_once <<-END
		#!/bin/sh
		[ "\$1" = merge ] && mkdir "$PWD/died" 2>/dev/null || exec "$SNARL" "\$@"
		: >"\$2"
		exit 137
	END
	chmod +x dies_once
	campaign --parallel --sshlogin machines --shards 2 --tasks 1 --snarl "$PWD/dies_once"
	[ -d died ]
	whole
}

@test "README's commands for GNU parallel and ssh do what it says" {
	machines_start one
	readme "snarl campaign .*--(parallel|resume)"
	for folder in campaign by-ssh; do
		[ -s $folder/report/index.html ]
		diff <(sort $folder/cases) <(query "SELECT scenario || '/' || variant || ' ' || engine FROM result" $folder/all.db | sort)
	done
}
