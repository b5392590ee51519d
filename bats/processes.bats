#!/usr/bin/env bats
# Actors as processes: what each process has of its own, how a process dies, and that nothing is
# left, whichever process is killed at any time.
# bats file_tags=processes

load helpers

setup_file() {
	# Message queues are visible in a file system that may not be mounted.
	printf '#include <mqueue.h>\n%s\n' \
		'int main(int n, char **a) { return n != 2 || mq_open(a[1], O_RDONLY) == (mqd_t)-1; }' |
		"${CLANG:-clang}" -include fcntl.h -x c - -o "$BATS_FILE_TMPDIR/has_queue"
}

setup() {
	# The path is short, since the path of a socket has to fit into its address.
	SNARL_FOLDER=$(mktemp -d /dev/shm/snarl-XXXXXX)
	export SNARL_FOLDER
	RANDOM=$BATS_TEST_NUMBER # the same delays in each run
}

teardown() {
	end_all
	fixture processes/correct_skips_itself stress # removes the names that a failed test has left
	rm -rf "$SNARL_FOLDER"
}

# This runs on the engines that fork or emulate processes; explore has its own tests.
# The IDs of the System V objects.
objects() {
	ipcs | awk '$2 ~ /^[0-9]+$/ { print $2 }' | sort
}

@test "descriptors are each actor's own, and those of its threads and children" {
	for engine in stress tsan; do
		for name in own_descriptors thread_and_child shared_memory names; do
			fixture "processes/correct_$name" "$engine" --executions 50
			echo "$engine: $output"
			[ "$(field outcome)" = clean ]
			[ "$(field executions)" -eq 50 ]
		done
	done
}

@test "a crash by a rule ends one process, and the execution continues" {
	for engine in $(engines); do
		fixture processes/correct_crash_by_rule "$engine" --executions 50
		echo "$engine: $output"
		[ "$(field outcome)" = clean ]
		outcomes=$(query "SELECT DISTINCT value ->> 'label' FROM result, json_each(detail, '\$.outcomes')")
		[ "$outcomes" = "steps = 1, others = 1" ]
	done
}

@test "a process that dies by itself is a crash of that actor and signal, and the run continues" {
	fixture processes/dies stress --executions 50
	[ "$(field outcome)" = caught ]
	[ "$(field verdict)" = crash ]
	[[ $(field message) == "rogue was killed by SIGSEGV at address "* ]]
	[ "$(field failures)" -eq "$(field executions)" ]
	[ "$(field executions)" -gt 1 ]
	fixture processes/exits stress --executions 50
	[ "$(field message)" = "rogue exited with 3" ]
	[ "$(field failures)" -eq "$(field executions)" ]
	fixture processes/becomes_another_program stress --executions 50
	[ "$(field message)" = "rogue exited with 0 before its end" ]
	[ "$(field failures)" -eq "$(field executions)" ]
	for engine in $(engines); do
		fixture processes/dies "$engine" --executions 50
		[ "$(field verdict)" = crash ]
		has rogue "$(field message)"
		has "Segmentation fault" "$(field message)" || has SIGSEGV "$(field message)"
	done
}

@test "a set-up that lacks something skips the case, with its reason" {
	for engine in stress tsan; do
		fixture processes/correct_skips_itself "$engine"
		[ "$status" -eq 77 ]
		[ "$(field outcome)" = skipped ]
		[ "$(field message)" = "there is no moonlight here" ]
	done
}

@test "what a process has for itself, each emulated one has: numbers, streams, names, locks" {
	for engine in stress tsan; do
		for name in own_numbers locked_by_names file_lock shared_file_locks file_locks_end \
			system_v system_v_waits; do
			fixture "processes/correct_$name" "$engine" --executions 100 --budget 20s
			echo "$engine: $output"
			[ "$(field outcome)" = clean ]
			[ "$(field executions)" -eq 100 ]
		done
	done
}

@test "explore models System V queues and semaphores, with what the end of a process undoes" {
	engines | grep -qx explore || skip "explore is not built"
	before=$(objects)
	for strategy in auto dfs; do
		for name in system_v system_v_waits; do
			fixture "processes/correct_$name" explore --strategy $strategy \
				--executions 3000 --budget 20s
			echo "$output"
			[ "$(field outcome)" = clean ]
		done
	done
	[ "$(objects)" = "$before" ]
}

@test "a wait for a semaphore that others have made is no deadlock" {
	engines | grep -qx explore || skip "explore is not built"
	SET_OF_OTHERS=$(ipcmk --semaphore 1 | grep -oE '[0-9]+$')
	export SET_OF_OTHERS
	fixture processes/waits_for_a_set_of_others explore
	ipcrm --semaphore-id "$SET_OF_OTHERS"
	[ "$status" -eq 3 ]
	[ "$(field outcome)" = skipped ]
	has "others may change" "$(field message)"
}

@test "locks of processes keep out other processes, whichever descriptor they are taken by" {
	for engine in stress explore; do
		engines | grep -qx "$engine" || continue
		fixture processes/correct_record_locks "$engine" --executions 500 --budget 20s
		echo "$engine: $output"
		[ "$(field outcome)" = clean ]
		[ "$(field executions)" -ge 100 ]
	done
}

# bats test_tags=shares-cores
@test "explore agrees with the system on whom the locks of files keep out" {
	engines | grep -qx explore || skip "explore is not built"
	for name in locked_by_names file_lock shared_file_locks file_locks_end polls_for_a_lock; do
		fixture "processes/correct_$name" explore --executions 4000 --budget 20s
		echo "$output"
		[ "$(field outcome)" = clean ]
	done
	fixture processes/file_locks_in_two_orders explore --budget 10s
	[ "$(field verdict)" = deadlock ]
	has "alice holds left" "$(field message)"
	has "held by bob" "$(field message)"
	token=$(field token)
	on_fixtures replay "$token" --json
	[ "$(field verdict)" = deadlock ]
}

@test "explore lets others see a process that has done its last thing and is not yet over" {
	engines | grep -qx explore || skip "explore is not built"
	for strategy in auto dfs; do
		fixture processes/not_yet_closed explore --strategy $strategy --budget 10s
		[ "$(field verdict)" = assertion ]
	done
}

@test "a lock that others have as well is no lock, in every engine" {
	for engine in $(engines); do
		for name in written_under_a_shared_lock record_locks_of_threads; do
			fixture "processes/$name" "$engine" --budget 10s
			echo "$engine: $output"
			[ "$(field outcome)" = caught ]
		done
	done
}

@test "SIGPIPE kills the actor that does not ignore it, whatever another one does" {
	for engine in stress tsan; do
		fixture processes/pipe_signal "$engine" --executions 100
		echo "$engine: $output"
		[ "$(field verdict)" = crash ]
		has writer "$(field message)"
	done
}

@test "tsan refuses calls between processes that it cannot follow, by name" {
	fixture processes/correct_signals stress --executions 20
	[ "$(field outcome)" = clean ]
	fixture processes/correct_signals tsan
	[ "$status" -eq 3 ]
	[ "$(field outcome)" = skipped ]
	[[ "$(field message)" == *" calls kill, pause, "*"tsan"* ]]
}

@test "a case that the variant declares not to be run is skipped, with the reason" {
	engines | grep -qx explore || skip "explore is not built"
	fixture processes/correct_skips_itself explore
	[ "$status" -eq 77 ]
	[ "$(field outcome)" = skipped ]
	[ "$(field message)" = "this fixture is skipped by name in explore" ]
}

@test "a paused process is stopped while the others continue, and continues afterwards" {
	for engine in stress tsan; do
		fixture processes/correct_pause "$engine" --executions 3
		echo "$engine: $output"
		[ "$(field outcome)" = clean ]
		[ "$(field 'injections[0].count')" -eq 3 ]
	done
	start processes/correct_pause --executions 10
	for _ in {1..200}; do
		states=$(left_behind | xargs -r ps -o comm=,stat= -p | awk '{ print $1 substr($2, 1, 1) }')
		[[ $states == *sleeperT* && $states == *walkerS* ]] && break
		sleep 0.01
	done
	echo "$states"
	[[ $states == *sleeperT* && $states == *walkerS* ]]
	wait "$pid"
}

# --- nothing is left -----------------------------------------------------------------------------

# start NAME [OPTION]...: run it with stress in the background; its process ID is in $pid
start() {
	SNARL_BUILD=$FIXTURES SNARL_TEST_MARK=$BATS_TEST_TMPDIR "$SNARL" run "$1" --engine stress \
		--json --show-progress=never --db "$SNARL_FOLDER/snarl.db" "${@:2}" \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	pid=$!
}

# The IDs of the cases that have named objects, one per line.
cases() {
	find "$SNARL_FOLDER" -maxdepth 1 -name 'snarl-case-*' | sed 's/.*-//'
}

# exists ID: whether any named object of that case exists
exists() {
	[ -e "$SNARL_FOLDER/snarl-case-$1" ] || [ -e "/dev/shm/snarl-$1-memory" ] ||
		"$BATS_FILE_TMPDIR/has_queue" "/snarl-$1-queue"
}

# all_swept ID...: no named object of these cases exists, nor of any other
all_swept() {
	for id; do
		if exists "$id"; then
			echo "there still is something of $id"
			return 1
		fi
	done
	[ -z "$(cases)" ]
}

# until_made: a case has begun; its ID is in $id
until_made() {
	for _ in {1..200}; do
		id=$(cases)
		[ -n "$id" ] && "$BATS_FILE_TMPDIR/has_queue" "/snarl-$id-queue" && return
		sleep 0.01
	done
	echo "no case has begun"
	return 1
}

# case_of PID: the process of the case that this snarl runs; between the two is the case's keeper
case_of() {
	pgrep -P "$(pgrep -P "$1" | head -1)" | head -1
}

a_moment() {
	sleep "0.$(printf %03d $((RANDOM % 100)))"
}

@test "the named objects of a case exist while it runs" {
	start processes/correct_names --budget 5s
	until_made
	[ -e "$SNARL_FOLDER/snarl-case-$id" ]
	for _ in {1..100}; do
		[ -e "/dev/shm/snarl-$id-memory" ] && [ -p "$SNARL_FOLDER/snarl-case-$id/fifo" ] && break
		sleep 0.01
	done
	[ -e "/dev/shm/snarl-$id-memory" ]
	kill "$pid"
	wait "$pid" || true
	all_swept "$id"
}

@test "after kill -9 of snarl no process is left, and the next run removes the named objects" {
	for round in {1..10}; do
		start processes/correct_names --budget 20s
		[ $((round % 3)) -eq 0 ] || until_made # otherwise, kill before anything is made
		a_moment
		kill -9 "$pid"
		wait "$pid" || true
		all_gone
		ids=$(cases)
		fixture processes/correct_skips_itself stress
		# shellcheck disable=SC2086 # words
		all_swept $ids
	done
}

@test "kill -9 of a case's process is a crash, and nothing is left" {
	for _ in {1..10}; do
		start processes/correct_names --budget 20s
		until_made
		a_moment
		kill -9 "$(case_of "$pid")"
		wait "$pid" && return 1
		output=$(cat "$BATS_TEST_TMPDIR/out")
		[ "$(field verdict)" = crash ]
		has "killed by SIGKILL" "$(field message)"
		all_gone
		all_swept "$id"
	done
}

@test "kill -9 of an actor is a crash of that actor, the run continues, and nothing is left" {
	for _ in {1..10}; do
		# Executions are long enough to find an actor before it ends.
		start processes/correct_names --budget 3s --inject 'posix/time/usleep:delay:us=30000'
		until_made
		a_moment
		case=$(case_of "$pid")
		# An actor may end before the signal arrives, so three are killed.
		hits=0
		for _ in {1..100}; do
			actor=$(pgrep -P "$case" -r S | head -1)
			[ -n "$actor" ] && kill -9 "$actor" && hits=$((hits + 1))
			[ "$hits" -eq 3 ] && break
		done
		wait "$pid" && return 1
		output=$(cat "$BATS_TEST_TMPDIR/out")
		echo "$output"
		[ "$(field verdict)" = crash ]
		grep -qE '^(keeper|guest) was killed by SIGKILL; declared: correct$' <<<"$(field message)"
		jq -e '.executions > 1' <<<"$output"
		all_gone
		all_swept "$id"
	done
}

@test "after Ctrl-C, SIGTERM and SIGHUP nothing is left" {
	for signal in INT TERM HUP INT TERM HUP; do
		start processes/correct_names --budget 20s
		until_made
		a_moment
		kill -"$signal" "$pid"
		wait "$pid" && return 1
		all_gone
		all_swept "$id"
	done
}

@test "folders and System V objects that are named by the case are removed after each execution" {
	before=$(ipcs)
	for engine in stress tsan; do
		fixture processes/correct_folder_and_key "$engine" --executions 5
		echo "$engine: $output"
		[ "$(field outcome)" = clean ]
		all_swept
	done
	[ "$(ipcs)" = "$before" ]
}

@test "System V objects without a key that a killed case made are removed, and no others" {
	other=$(ipcmk --shmem 64 | grep -oE '[0-9]+$')
	before=$(objects)
	for engine in $(engines); do
		fixture processes/leaves_private_objects "$engine" --budget 500ms
		echo "$engine: $output"
		[[ "$(field verdict)" = hang || ("$engine" = explore && "$(field verdict)" = deadlock) ]]
		[ "$(objects)" = "$before" ]
	done
	ipcrm --shmem-id "$other"
}

@test "a child that left its case's group keeps no named object" {
	start processes/correct_leaves_a_daemon --executions 3
	wait "$pid"
	all_gone
	all_swept
}

@test "two runs at once do not remove each other's named objects" {
	start processes/correct_names --budget 3s
	until_made
	while kill -0 "$pid" 2>/dev/null; do
		fixture processes/correct_names stress --executions 5
		[ "$(field outcome)" = clean ]
	done
	wait "$pid"
	output=$(cat "$BATS_TEST_TMPDIR/out")
	[ "$(field outcome)" = clean ]
	all_swept "$id"
}

@test "the sweep leaves files that no case has made" {
	mkdir "$SNARL_FOLDER"/snarl-case-{notours,nobody,theirs}
	touch "$SNARL_FOLDER"/snarl-case-notours/{notes,.notes.swp} "$SNARL_FOLDER"/snarl-case-nobody/{.word,word}
	mkdir "$SNARL_FOLDER/snarl-case-notours/folder"
	touch "$SNARL_FOLDER"/snarl-case-theirs/{.word,word}
	[ "$EUID" -ne 0 ] || chown -R 65534 "$SNARL_FOLDER/snarl-case-theirs"
	ln -s /etc "$SNARL_FOLDER/snarl-case-linked"
	fixture processes/correct_skips_itself stress
	[ -e "$SNARL_FOLDER/snarl-case-notours/notes" ]
	[ -d "$SNARL_FOLDER/snarl-case-notours/folder" ]
	[ -L "$SNARL_FOLDER/snarl-case-linked" ]
	[ ! -e "$SNARL_FOLDER/snarl-case-nobody" ] # like one of a killed case
	[ "$EUID" -ne 0 ] || [ -e "$SNARL_FOLDER/snarl-case-theirs/word" ]
}

@test "an ordinary user can run processes" {
	[ "$EUID" -eq 0 ] || skip "all of this runs as an ordinary user"
	command -v setpriv >/dev/null || skip "setpriv is not installed"
	setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$SNARL" ||
		skip "no other user can reach $SNARL"
	chown 65534 "$SNARL_FOLDER"
	for engine in stress tsan; do
		for name in own_descriptors shared_memory names crash_by_rule; do
			HOME=$SNARL_FOLDER SNARL_BUILD=$FIXTURES SNARL_TEST_MARK=$BATS_TEST_TMPDIR run \
				setpriv --reuid=65534 --regid=65534 --clear-groups "$SNARL" run \
				"processes/correct_$name" --engine "$engine" --executions 20 --json \
				--show-progress=never --db "$SNARL_FOLDER/snarl.db"
			echo "$output"
			[ "$status" -eq 0 ]
			[ "$(field outcome)" = clean ]
		done
	done
	all_gone
	all_swept
}
