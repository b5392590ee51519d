#!/usr/bin/env bats
# Campaigns that Slurm runs: a controller and two nodes of its own, on this machine.
# bats file_tags=shares-cores

load helpers
load shards

# The daemons' environment has this mark, by which teardown_file finds them.
mark() {
	env SNARL_TEST_MARK="$BATS_FILE_TMPDIR" "$@"
}

# free_ports N: so many ports on which nobody listens
free_ports() {
	local port found=0
	while [ "$found" -lt "$1" ]; do
		port=$((20000 + RANDOM % 12000))
		ss -Hltn "sport = :$port" | grep -q . && continue
		echo "$port"
		found=$((found + 1))
	done
}

munge_start() {
	head -c 1024 /dev/urandom >munge.key
	chmod 400 munge.key
	mark munged --force --key-file="$PWD/munge.key" --socket="$PWD/munge.sock" \
		--pid-file="$PWD/munge.pid" --log-file="$PWD/munge.log" --seed-file="$PWD/munge.seed"
}

# conf CONTROLLER_PORT NODE_PORT NODE_PORT
conf() {
	local host
	host=$(hostname -s)
	cat >slurm.conf <<-END
		ClusterName=snarl
		SlurmctldHost=$host(127.0.0.1)
		SlurmctldPort=$1
		SlurmUser=$(id -un)
		SlurmdUser=$(id -un)
		AuthType=auth/munge
		AuthInfo=socket=$PWD/munge.sock,cred_expire=5
		CredType=cred/munge
		StateSaveLocation=$PWD/state
		SlurmdSpoolDir=$PWD/spool-%n
		SlurmctldPidFile=$PWD/slurmctld.pid
		SlurmdPidFile=$PWD/slurmd-%n.pid
		SlurmctldLogFile=$PWD/slurmctld.log
		SlurmdLogFile=$PWD/slurmd-%n.log
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		JobAcctGatherType=jobacct_gather/none
		AccountingStorageType=accounting_storage/none
		MpiDefault=none
		SelectType=select/cons_tres
		SelectTypeParameters=CR_CPU
		ReturnToService=2
		SlurmdTimeout=4
		KillWait=1
		SlurmdParameters=config_overrides
		SchedulerParameters=sched_interval=1,batch_sched_delay=0
		NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$2 CPUs=1
		NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$3 CPUs=1
		PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
	END
	mkdir -p state
}

node_start() {
	mark slurmd -f "$SLURM_CONF" -N "$1"
}

nodes_idle() {
	for _ in {1..100}; do
		[ "$(sinfo --noheader --Node --states=idle --format=%N 2>"$BATS_FILE_TMPDIR/sinfo" | wc -l)" -lt 2 ] || return 0
		sleep 0.1
	done
	return 1
}

# slurm_start: start the daemons, or print why they cannot be had
slurm_start() {
	local program
	for program in slurmctld slurmd munged sbatch ss; do
		command -v "$program" >path || { echo "there is no $program" && return; }
	done
	munge_start || { echo "munged does not start here" && return; }
	# shellcheck disable=SC2046 # three words
	conf $(free_ports 3)
	{ mark slurmctld -f "$SLURM_CONF" && node_start n1 && node_start n2; } >daemons 2>&1 ||
		{ echo "Slurm does not start here: $(cat daemons slurmd-*.log | tail -n 1)" && return; }
	nodes_idle || echo "Slurm's nodes do not answer here: $(tail -n 1 slurmctld.log)"
}

setup_file() {
	export PATH=$PATH:/usr/sbin SLURM_CONF=$BATS_FILE_TMPDIR/slurm.conf
	cd "$BATS_FILE_TMPDIR"
	slurm_start >skipped
}

teardown_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR end_all
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	[ ! -s "$BATS_FILE_TMPDIR/skipped" ] || skip "$(cat "$BATS_FILE_TMPDIR/skipped")"
}

teardown() {
	[ ! -s "$BATS_FILE_TMPDIR/skipped" ] || return 0
	scancel --user="$(id -un)" --signal=KILL --full || true
	end_all
	scancel --user="$(id -un)" || true
	nodes_idle || true
}

# queued: the tasks in the queue
queued() {
	squeue --noheader --array --format=%K
}

# running: wait until a task of the campaign runs
running() {
	until squeue --noheader --states=running --format=%i | grep -q .; do sleep 0.05; done
}

@test "a job array has the cases, the outcomes and the exit status of one process" {
	campaign --slurm --shards 3 --poll 300ms
	has "3 of 3 shards"
	whole
	same_as_alone
	[ -s c/jobs ]
	[ -s c/logs/3 ]
}

@test "^C leaves jobs that a resumed campaign finds, and does not submit again" {
	begin --slurm --shards 4 --poll 300ms
	campaign=$!
	running
	kill -INT $campaign
	wait $campaign || code=$?
	[ "$code" -eq 130 ]
	[ "$(queued | wc -l)" -gt 0 ]
	resume
	lacks submitted
	whole
	same_as_alone
}

@test "tasks that are requeued, cancelled or killed run again, and count once" {
	for _ in $(seq "${MOMENTS:-1}"); do
		rm -rf c
		begin --slurm --shards 4 --poll 300ms
		campaign=$!
		running
		scontrol requeue "$(squeue --noheader --states=running --format=%i | head -n 1)"
		running
		scancel --full "$(squeue --noheader --states=running --format=%i | tail -n 1)"
		some_time
		strike "snarl run"
		code=0
		wait $campaign || code=$?
		cat out
		[ "$code" -eq 1 ]
		whole
	done
}

@test "a node daemon or the campaign dies by kill -9 at any time: each case counts once" {
	for _ in $(seq "${MOMENTS:-1}"); do
		rm -rf c
		begin --slurm --shards 4 --poll 300ms
		campaign=$!
		running
		some_time
		kill -9 "$(cat "$BATS_FILE_TMPDIR/slurmd-n1.pid")"
		some_time
		kill -9 $campaign
		wait $campaign || true
		node_start n1
		resume
		whole
		nodes_idle
	done
	same_as_alone
}

# The limit is set while the task runs: in a job's own limit, Slurm counts minutes.
# bats test_tags=by-hand
@test "a task that reaches its time limit runs again, and counts once" {
	SELECTED=(injection --engine stress --budget 3s)
	begin --slurm --shards 2 --poll 300ms --sbatch --time=5
	campaign=$!
	running
	job=$(squeue --noheader --states=running --format=%i | head -n 1)
	scontrol update JobId="$job" EndTime=now+5
	for _ in {1..90}; do
		! scontrol show job "$job" | grep -q JobState=TIMEOUT || break
		sleep 1
	done
	scontrol show job "$job" | grep JobState=TIMEOUT
	wait $campaign
	cat out
	whole
	[ "$(wc -l <c/jobs)" -eq 2 ]
}

@test "README's command for Slurm does what it says" {
	readme "snarl campaign .*--slurm"
	[ -s by-slurm/report/index.html ]
	[ "$(query 'SELECT count(*) FROM result' by-slurm/all.db)" -eq "$(wc -l <by-slurm/cases)" ]
}
