#!/usr/bin/env bats
# Injection: rules fire at the points, as often and for the actors that they say, and the same seed
# makes the same decisions.
# bats file_tags=inject

load helpers

# The variants that make every wrapped call, with known results.
EVERY_CALL=$(cd "$ROOT/bats/fixtures/injection" && grep -l '^#include "common.h"' ./*.c |
	sed 's|^./||; s|.c$||')

# On one CPU stress has a single mode and injects in all executions, so that counts are exact.
one_cpu() {
	run --separate-stderr env SNARL_BUILD="$FIXTURES" taskset -c "$(cpu)" "$SNARL" run "$1" \
		--engine stress --json --show-progress=never --db "$BATS_TEST_TMPDIR/snarl.db" "${@:2}"
}

cpu() { # a CPU that this process may use
	taskset -cp $$ | sed 's/.*: *\([0-9]*\).*/\1/'
}

# fired RULE...: how often the rules fired on one CPU in 1000 executions of two actors, 3 points each
fired() {
	rules=()
	for rule; do
		rules+=(--inject "$rule")
	done
	one_cpu injection/correct_three_points --executions 1000 --seed 7 "${rules[@]}"
	[ "$status" -eq 0 ]
	[ "$(field executions)" -eq 1000 ]
	field injections | jq -r '.[].count' | xargs
}

@test "without a rule nothing is injected" {
	[ "$(nproc)" -gt 1 ] || skip "with one CPU there is always one"
	run --separate-stderr env SNARL_BUILD="$FIXTURES" "$SNARL" run injection/correct_three_points \
		--engine stress --json --executions 100 --db "$BATS_TEST_TMPDIR/snarl.db"
	[ "$(field '| .injections == []')" = true ]
}

@test "without a rule and with one CPU the points yield" {
	one_cpu injection/correct_three_points --executions 100
	[ "$(field injections | jq -r '.[].rule')" = "*:yield:p=0.3" ]
}

@test "a rule fires at every point it names, each time" {
	[ "$(fired walk/first:yield)" = 2000 ]
	[ "$(fired 'walk/*:yield')" = 6000 ]
	[ "$(fired 'walk/[ft]*:yield')" = 4000 ]
}

@test "several rules are counted separately" {
	[ "$(fired walk/first:yield 'walk/*:delay:us=1' '*:yield:p=0')" = "2000 6000 0" ]
}

@test "once means once per actor and execution" {
	[ "$(fired 'walk/*:yield:once')" = 2000 ]
}

@test "nth is the nth point of the rule that an actor reaches in an execution" {
	[ "$(fired 'walk/*:yield:nth=2')" = 2000 ]
	[ "$(fired 'walk/*:yield:nth=4')" = 0 ]
	[ "$(fired walk/first:yield:nth=2)" = 0 ]
}

@test "p is the probability that a rule fires" {
	count=$(fired 'walk/*:yield:p=0.25')
	[ "$count" -gt 1200 ]
	[ "$count" -lt 1800 ]
	[ "$(fired 'walk/*:yield:p=0')" = 0 ]
	[ "$(fired 'walk/*:yield:p=1')" = 6000 ]
}

@test "the same seed makes the same decisions, and another seed makes others" {
	one_cpu injection/correct_three_points --executions 1000 --seed 7 --inject 'walk/*:yield:p=0.3'
	first=$(field injections)
	for _ in 1 2 3; do
		one_cpu injection/correct_three_points --executions 1000 --seed 7 \
			--inject 'walk/*:yield:p=0.3'
		[ "$(field injections)" = "$first" ]
	done
	one_cpu injection/correct_three_points --executions 1000 --seed 8 --inject 'walk/*:yield:p=0.3'
	[ "$(field injections)" != "$first" ]
}

@test "a rule fires in a run of a few executions, on as many CPUs as there are" {
	for engine in stress tsan; do
		fixture injection/correct_three_points "$engine" --executions 1000 \
			--inject walk/first:yield
		echo "$engine: $output"
		jq -e '.injections[0].count > 0' <<<"$output"
	done
}

@test "the same seed makes the same decisions on as many CPUs as there are" {
	for engine in stress tsan; do
		fixture injection/correct_three_points "$engine" --executions 1000 --seed 7 --budget 20s \
			--inject 'walk/*:yield:p=0.3'
		echo "$engine: $output"
		first=$(field injections)
		jq -e '.[0].count > 0' <<<"$first"
		fixture injection/correct_three_points "$engine" --executions 1000 --seed 7 --budget 20s \
			--inject 'walk/*:yield:p=0.3'
		[ "$(field injections)" = "$first" ]
	done
}

# malloc_label RULE: which allocations of an actor failed, as its check saw it
malloc_label() {
	one_cpu injection/malloc_fails --executions 50 --inject "libc/mm/malloc:errno=ENOMEM$1"
	[ "$(field outcome)" = caught ]
	[ "$(field failures)" -eq 50 ] # every execution fails, in the same way
	field outcomes | jq -r '.[].label'
}

@test "an errno rule makes the named call fail, and only then does the bug occur" {
	one_cpu injection/malloc_fails --executions 500
	[ "$status" -eq 0 ]
	[ "$(field outcome)" = clean ]
	[ "$(malloc_label '')" = "alice = 123, bob = 123" ]
}

@test "nth and once choose which call of each actor fails" {
	[ "$(malloc_label :nth=2)" = "alice = 2, bob = 2" ]
	[ "$(malloc_label :nth=3)" = "alice = 3, bob = 3" ]
	[ "$(malloc_label :once)" = "alice = 1, bob = 1" ]
}

@test "neither a delay nor a rule on another point makes a call fail" {
	one_cpu injection/malloc_fails --executions 200 --inject libc/mm/malloc:delay:us=1 \
		--inject '*:yield'
	[ "$(field outcome)" = clean ]
	jq -e 'all(.injections[]; .count > 0)' <<<"$output"
}

@test "a rule makes trylock fail on both engines" {
	for engine in stress tsan; do
		fixture injection/trylock_fails "$engine" --budget 1s
		[ "$(field outcome)" = clean ]
		fixture injection/trylock_fails "$engine" --budget 2s \
			--inject posix/thread/mutex_trylock:errno=EBUSY:p=0.5
		[ "$status" -eq 0 ]
		has "done = 0" "$(field outcomes)"
	done
}

@test "a variant's own rules apply without an option" {
	fixture injection/brings_its_rule stress --budget 2s
	[ "$(field outcome)" = caught ]
	[ "$(field 'injections[0].rule')" = "libc/mm/malloc:errno=ENOMEM:p=0.5" ]
	jq -e '.injections[0].count > 0' <<<"$output"
}

@test "every profile of the tree is accepted, and its rules apply to points that the variant has" {
	for profile in "$ROOT"/injectors/profiles/*; do
		fixture injection/correct_three_points stress --executions 1000 \
			--profile "${profile##*/}"
		[ "$status" -eq 0 ]
		jq -e 'all(.injections[]; .rule | test("^(libc|posix)/") | not)' <<<"$output"
	done
}

@test "a rule for several variants applies to those that have its points" {
	on_fixtures run injection --engine stress --executions 200 --json \
		--inject walk/first:yield --db "$BATS_TEST_TMPDIR/snarl.db"
	jq -es 'all(.[]; (.injections | map(.rule) | index("walk/first:yield") != null)
		== (.variant == "correct_three_points"))' <<<"$output"
}

@test "the points of a variant are its calls in the table, and no others" {
	for variant in $EVERY_CALL; do
		on_fixtures points "injection/$variant" --json
		field name
	done | sort -u >"$BATS_TEST_TMPDIR/points"
	awk '/^[a-z]/ { print $1 }' "$ROOT/injectors/calls" | sort | diff - "$BATS_TEST_TMPDIR/points"
}

# bats test_tags=shares-cores
@test "wrapped calls behave like the calls, with a rule on them and without" {
	for engine in stress tsan; do
		mapfile -t variants < <(sed 's|^|injection/|' <<<"$EVERY_CALL")
		[ $engine = stress ] || # TSan cannot follow the others
			mapfile -t variants < <(printf '%s\n' "${variants[@]}" | grep -vE 'c11|clocks')
		for rule in "" "*:yield"; do
			# Most of them wait, so that two at once take half the time.
			on_fixtures run "${variants[@]}" --engine $engine --executions 100 --jobs 2 --json \
				${rule:+--inject "$rule"} --show-progress=never --db "$BATS_TEST_TMPDIR/snarl.db"
			echo "$engine: $output"
			[ "$(field outcome | sort | uniq -c | xargs)" = "${#variants[@]} clean" ]
			[ -z "$rule" ] || jq -es 'all(.[]; .injections[0].count > 0)' <<<"$output"
		done
	done
}

# called VARIANT LINE: the first call in a MUST in that line of the source
called() {
	sed -n "$2p" "$ROOT/bats/fixtures/injection/$1.c" |
		sed -nE 's/.*(MUST|INTERRUPTED)\((\([a-z_]+ = )?([a-z_0-9]+)\(.*/\3/p'
}

# Calls of threads and semaphores are tested above, and wait for each other in these variants.
# bats test_tags=shares-cores
@test "each call that can fail does so with the errno of the rule, and no other call fails" {
	checked=0
	for variant in correct_{files,directories,streams,timers_and_watches,sockets,sends,polls} \
		correct_{queues,system_v,memory,processes}; do
		on_fixtures points "injection/$variant" --json
		for point in $(field name | grep -E '^(posix/(io|epoll|eventfd|mq|shm|mm|proc)|linux|libc/io|sysv)/'); do
			read -r fails call < <(awk -F ' *[|] *' -v point="$point" \
				'$1 == point { sub(/[(].*/, "", $5); sub(/.*[ *]/, "", $5); print $2, $5 }' \
				"$ROOT/injectors/calls" | awk '{ print $1, $NF }')
			[ "$fails" = never ] && continue
			# an errno that the system would not give
			fixture "injection/$variant" stress --executions 1 \
				--inject "$point:errno=ENOTRECOVERABLE:once"
			label=$(field outcomes | jq -r '.[0].label')
			line=$(sed 's/.*result = \([0-9]*\),.*/\1/' <<<"$label")
			echo "$variant $point: $label: $(called "$variant" "$line")"
			[ "$(field 'injections[0].count')" -ge 1 ]
			[ "$(called "$variant" "$line")" = "$call" ] || continue # made first without a MUST
			[[ $label == *"errno = 131" ]]
			checked=$((checked + 1))
		done
	done
	echo "$checked"
	[ "$checked" -ge 100 ]
}

# failed RULE: the results of the calls of injection/calls_fail, on each engine
failed() {
	for engine in stress tsan; do
		fixture injection/calls_fail "$engine" --executions 20 --inject "$1"
		[ "$status" -eq 0 ]
		field outcomes | jq -r '.[].label'
	done | uniq | sed 's/[a-z_]* = //g'
}

@test "each call fails in its own way" {
	# cond_timedwait and mtx_lock return a number, sem_wait and strdup set errno
	[ "$(failed '*:yield')" = "110, 0, 0, 0" ]
	[ "$(failed posix/thread/cond_timedwait:errno=EPERM)" = "1, 0, 0, 0" ]
	[ "$(failed posix/sem/wait:errno=EINTR)" = "110, 4, 0, 0" ]
	[ "$(failed libc/str/strdup:errno=ENOMEM)" = "110, 0, 0, 12" ]
	# threads.h has codes for only a few errors: busy 1, error 2, out of memory 3, timed out 4
	[ "$(failed libc/threads/mtx_lock:errno=EBUSY)" = "110, 0, 1, 0" ]
	[ "$(failed libc/threads/mtx_lock:errno=EPERM)" = "110, 0, 2, 0" ]
	[ "$(failed libc/threads/mtx_lock:errno=ENOMEM)" = "110, 0, 3, 0" ]
	[ "$(failed libc/threads/mtx_lock:errno=ETIMEDOUT)" = "110, 0, 4, 0" ]
}

@test "an errno rule skips calls that cannot fail, and is refused if it names only such calls" {
	one_cpu injection/malloc_fails --executions 50 --inject 'libc/mm/*:errno=ENOMEM:nth=2'
	[ "$(field outcomes | jq -r '.[].label')" = "alice = 2, bob = 2" ] # not the first free
	[ "$(field injections | jq -r '.[].count')" -eq $((2 * $(field executions))) ]
	fixture injection/malloc_fails stress --inject libc/mm/free:errno=ENOMEM
	[ "$status" -eq 2 ]
	has libc/mm/malloc "$stderr"
	lacks libc/mm/free "${stderr#*valid:}"
}

# short RULE...: how many bytes the calls of injection/short_transfers transferred
short() {
	rules=()
	for rule; do
		rules+=(--inject "$rule")
	done
	one_cpu injection/short_transfers --executions 500 --seed 7 "${rules[@]}"
	[ "$status" -eq 0 ]
	field outcomes | jq -r '.[].label' | sed 's/[a-z]* = //g' | sort
}

@test "a short call transfers every number of bytes from one to all but one" {
	# the last number is for eight writes of one byte: they cannot be shorter
	[ "$(short '*:yield')" = "8, 8, 8" ]
	[ "$(short posix/io/rw/read:short:p=0)" = "8, 8, 8" ]
	[ "$(short posix/io/rw/read:short)" = "$(printf '8, %d, 8\n' {1..7})" ]
	[ "$(short posix/io/rw/read:short:p=0.5)" = "$(printf '8, %d, 8\n' {1..8})" ]
	[ "$(short posix/io/rw/write:short)" = "$(printf '%d, 8, 8\n' {1..7})" ]
	short posix/io/rw/write:short >/dev/null
	[ "$(field 'injections[0].count')" -eq 500 ]
	jq -e 'all(.outcomes[]; .count > 35 and .count < 110)' <<<"$output" # 71 each on average
}

@test "short transfers are the same with the same seed" {
	for engine in stress tsan; do
		first=
		for _ in 1 2 3; do
			fixture injection/short_transfers "$engine" --executions 200 --seed 7 \
				--inject 'posix/io/rw/*:short:p=0.3'
			[ "$(field outcome)" = caught ]
			jq -e '.injections[0].count > 0' <<<"$output"
			[ "${first:=$(field injections)}" = "$(field injections)" ]
		done
	done
}

@test "a short rule skips calls without a transfer, and is refused if it names only such calls" {
	[ "$(short 'posix/io/*:short:nth=1')" = "$(printf '%d, 8, 8\n' {1..7})" ]
	[ "$(short 'posix/io/*:short:nth=2')" = "8, 8, 8" ] # the second is a write of one byte
	fixture injection/short_transfers stress --inject posix/io/oc/close:short
	[ "$status" -eq 2 ]
	has "transfers bytes" "$stderr"
	has posix/io/rw/read "${stderr#*valid:}"
	lacks posix/io/oc "${stderr#*valid:}"
}

# short_messages RULE: the bytes that send, sendto, recv and recvfrom of a stream transferred
short_messages() {
	fixture injection/short_messages stress --executions 500 --inject "$1"
	field outcomes | jq -r '.[].label' | sed 's/[a-z]* = //g' | sort
}

@test "sending and receiving through a stream may be short as well" {
	[ "$(short_messages '*:yield')" = "8, 8, 8, 8" ]
	[ "$(short_messages posix/io/net/send:short)" = "$(printf '%d, 8, 8, 8\n' {1..7})" ]
	[ "$(short_messages posix/io/net/sendto:short)" = "$(printf '8, %d, 8, 8\n' {1..7})" ]
	[ "$(short_messages posix/io/net/recv:short)" = "$(printf '8, 8, %d, 8\n' {1..7})" ]
	[ "$(short_messages posix/io/net/recvfrom:short)" = "$(printf '8, 8, 8, %d\n' {1..7})" ]
}

# outcomes: the labels of the counted outcomes, one per line
outcomes() {
	query "SELECT value ->> 'label' FROM result, json_each(detail, '\$.outcomes')"
}

@test "a wakeup rule ends a wait without a signal on all engines, and is not a race" {
	for engine in $(engines); do
		rm -f "$BATS_TEST_TMPDIR"/snarl.db*
		fixture injection/correct_wakeups "$engine" --budget 1s \
			--inject 'posix/thread/cond_wait:wakeup:p=0.5'
		[ "$(field outcome)" = clean ]
		echo "$engine: $(outcomes)"
		outcomes | grep -qx 'early = 1, ready = 1'
		[ "$(query "SELECT detail ->> '\$.injections[0].count' FROM result")" -gt 0 ]
	done
}

@test "without the rule, no wait ends early on stress" {
	fixture injection/correct_wakeups stress --executions 20000
	[ "$(outcomes)" = 'early = 0, ready = 1' ]
}

@test "a signal interrupts a blocking call on all engines" {
	for engine in $(engines); do
		rm -f "$BATS_TEST_TMPDIR"/snarl.db*
		fixture injection/correct_interrupted "$engine" --budget 1s \
			--inject 'posix/sem/wait:signal' --inject 'post/before:delay:us=100'
		[ "$(field outcome)" = clean ]
		echo "$engine: $(outcomes)"
		outcomes | grep -qx 'interrupted = 1'
	done
}

@test "every call that a signal may interrupt is interrupted, on both engines" {
	on_fixtures points injection/correct_calls_interrupted --json
	field name | sort >"$BATS_TEST_TMPDIR/points"
	awk -F ' *[|] *' '/^[a-z]/ && $2 ~ /signal/ { print $1 }' "$ROOT/injectors/calls" | sort |
		comm -23 - "$BATS_TEST_TMPDIR/points" >"$BATS_TEST_TMPDIR/missing"
	[ ! -s "$BATS_TEST_TMPDIR/missing" ]
	for engine in stress tsan; do
		fixture injection/correct_calls_interrupted "$engine" --executions 20
		echo "$engine: $output"
		[ "$(field outcome)" = clean ] # each of them returned EINTR
		[ "$(field 'injections[0].count')" -ge 500 ]
	done
}

@test "without the rule, no call is interrupted on stress" {
	fixture injection/correct_interrupted stress --executions 2000
	[ "$(outcomes)" = 'interrupted = 0' ]
}

@test "a crash at a point is reported with the point and the actor, and leaves nothing" {
	for engine in $(engines); do
		fixture injection/correct_interrupted "$engine" --executions 200 \
			--inject 'post/before:crash:p=0.1'
		[ "$status" -eq 1 ] # not even a correct variant survives that
		[ "$(field verdict)" = crash ]
		grep -qE 'poster crash(ed|es) at post/before' <<<"$(field message)"
		[ -z "$(left_behind)" ]
	done
}

@test "a crash of explore is replayed by its token" {
	fixture injection/correct_interrupted explore --inject 'post/before:crash:p=0.1'
	message=$(field message)
	on_fixtures replay "$(field token)" --json
	[ "$status" -eq 1 ]
	[ "$(field message)" = "$message" ]
}

@test "an action that applies to no point of the rule is refused" {
	for rule in 'post/before:wakeup' 'post/before:signal' 'posix/sem/post:signal' \
		'posix/sem/post:drop' 'post/before:duplicate' 'posix/sem/*:reorder' '*:truncate'; do
		on_fixtures run injection/correct_interrupted --inject "$rule" --db "$BATS_TEST_TMPDIR/snarl.db"
		echo "$rule: $status $stderr"
		refused 2
	done
}

# came RULE...: which messages of injection/messages arrived by the local socket and by UDP, and how
# many of their bytes were missing; the stream, and the results of send, must be as without a rule
came() {
	rules=()
	for rule; do
		rules+=(--inject "posix/io/net/$rule")
	done
	# as many executions as there are descriptors for: a batch of threads is set up as a whole
	fixture injection/messages "${engine:-stress}" --executions 20 --seed 7 "${rules[@]}"
	field outcomes | jq -r '.[].label' | sed 's/^stream = 0, unix = \(.*\), udp = \(.*\),'`
		`' missing = \(.*\), believed = 0$/\1 \2 \3/' | sort
}

# times: how often the rules fired
times() {
	query "SELECT value ->> 'count' FROM result, json_each(detail, '\$.injections')" | xargs
}

@test "a dropped message never arrives" {
	for engine in stress tsan; do
		[ "$(came sendmsg:yield)" = "1234 1234 0" ]
		[ "$(came 'send*:drop')" = "0 0 0" ]
		[ "$(came send:drop:once)" = "234 1234 0" ] # not one by the stream, which comes first
		[ "$(came send:drop:nth=6)" = "134 1234 0" ]
		[ "$(came send:drop:nth=2)" = "1234 1234 0" ]
		[ "$(came sendto:drop sendmsg:drop:nth=2)" = "1234 2 0" ]
	done
}

@test "a duplicated message arrives twice" {
	for engine in stress tsan; do
		[ "$(came 'send*:duplicate')" = "11223344 11223344 0" ]
		[ "$(came send:duplicate:nth=8)" = "12344 1234 0" ]
		[ "$(came sendmsg:duplicate:once)" = "1234 12234 0" ]
	done
}

@test "a reordered message arrives after the next one, or at the end if there is none" {
	for engine in stress tsan; do
		[ "$(came send:reorder:once)" = "2134 1234 0" ]
		[ "$(came send:reorder:nth=7)" = "1243 1234 0" ]
		[ "$(came 'send*:reorder')" = "2143 2143 0" ]
		# the last message of one socket is sent before the first of the other, the last of
		# all at the end
		[ "$(came send:reorder:nth=8 sendmsg:reorder:nth=2)" = "1234 1234 0" ]
		# an overtaken message arrives after the next one that is not dropped
		[ "$(came send:reorder:nth=5 send:drop:nth=6)" = "134 1234 0" ]
		[ "$(came send:reorder:nth=5 send:duplicate:nth=6)" = "22134 1234 0" ]
	done
}

@test "a truncated message lacks every number of bytes from one to all but one" {
	for engine in stress tsan; do
		[ "$(came send:truncate:nth=5)" = "1234 1234 0" ] # a message of one byte
		[ "$(came send:truncate:nth=6)" = "1234 1234 1" ]
		[ "$(came sendto:truncate:nth=2)" = "$(printf '1234 1234 %d\n' 1 2)" ]
		[ "$(came sendmsg:truncate:nth=2)" = "$(printf '1234 1234 %d\n' 1 2 3)" ]
	done
}

@test "an action that does not apply to a message is not counted" {
	came 'send*:drop' 'send*:reorder' send:truncate:once
	[ "$(times)" = "160 0 0" ] # of twelve sends, eight are messages; one rule acts on each
	rm "$BATS_TEST_TMPDIR"/snarl.db*
	came send:reorder
	[ "$(times)" = 40 ] # they are swapped in pairs
}

@test "datagrams are never short" {
	came sendto:short
	[ "$(times)" = 0 ]
}

@test "no actor waits for a message that is kept for later" {
	for engine in stress tsan; do
		fixture injection/correct_late_messages "$engine" --executions 100 \
			--inject 'posix/io/net/send:reorder'
		[ "$(field outcome)" = clean ]
		[ "$(field 'injections[0].count')" -eq 600 ]
	done
}


@test "a pause takes the time that its rule says" {
	for engine in stress tsan; do
		fixture injection/correct_three_points "$engine" --executions 50 \
			--inject walk/first:pause:us=2000
		[ "$(field outcome)" = clean ]
		jq -e '.injections[0].count > 0' <<<"$output"
		jq -e '.seconds > .executions * 0.002' <<<"$output"
	done
}

@test "in a new process for each execution a pause lasts, and a crash has its actor and point" {
	for engine in stress tsan; do
		fixture surroundings/correct_fresh_points "$engine" --executions 20 --inject pass/here:pause:us=2000
		[ "$(field outcome)" = clean ]
		[ "$(field executions)" -eq 20 ]
		[ "$(field 'injections[0].count')" -eq 40 ]
		fixture surroundings/correct_fresh_points "$engine" --inject pass/here:crash
		[ "$(field verdict)" = crash ]
		grep -qE '(alice|bob) crash(ed|es) at pass/here' <<<"$(field message)"
	done
}

# stubs SYMBOL...: what the build adds to a variant of explore with these undefined symbols
stubs() {
	printf '     1: 0000000000000000     0 NOTYPE  GLOBAL DEFAULT  UND %s\n' "$@" |
		awk -f "$ROOT/injectors/outside.awk" "$ROOT/injectors/libc" -
}

# unmodelled SYMBOL...: those that explore refuses; reported SYMBOL...: those that it reports
unmodelled() {
	stubs "$@" | sed -nE '/snarl_unfollowed/,$s/.*asciz "(.*)"/\1/p' | head -n 1
}
reported() {
	stubs "$@" | sed -nE 's/^snarl_outside_(.*):$/\1/p' | xargs
}

@test "explore refuses calls that wait outside the model, and reports the others" {
	[ -z "$(unmodelled snarl_wrap_pthread_mutex_lock snarl_wrap_sem_wait printf memcpy write)" ]
	[ -z "$(unmodelled pthread_self pthread_mutexattr_settype thrd_current sched_get_priority_max)" ]
	[ "$(unmodelled printf pthread_mutex_setprioceiling strlen)" = pthread_mutex_setprioceiling ]
	[ "$(unmodelled sem_open mq_receive fork poll readv waitpid)" = \
		"sem_open, mq_receive, fork, poll, readv, waitpid" ]
	[ -z "$(unmodelled forks pollen read reader waiting)" ]
	[ "$(reported printf strtok snarl_wrap_open __tsan_read4 rand_r not_of_libc)" = "printf strtok rand_r" ]
}

# A case whose failure rate is known ends early.
@test "rules fire in the threads that an actor creates, in each execution" {
	for engine in stress tsan explore; do
		fixture injection/created_thread "$engine" --executions 50 \
			--inject posix/thread/mutex_lock:errno=EAGAIN:nth=1
		[ "$(field verdict)" = assertion ]
		if [ "$engine" != explore ]; then # explore stops at the first failure
			[ "$(field failures)" -eq "$(field executions)" ]
			[ "$(field 'injections[0].count')" -eq $((2 * $(field executions))) ] # once in each thread
		fi
		fixture injection/created_thread "$engine" --executions 50 --inject thread/begun:yield
		[ "$(field outcome)" = clean ]
		[ "$(field 'injections[0].count')" -eq 100 ] || [ "$engine" = explore ]
		[ "$(field 'injections[0].count')" -gt 0 ]
	done
}

@test "the seed determines which rules fire in a created thread, separately for each thread" {
	for engine in stress tsan; do
		labels=
		for seed in 1 2 3; do
			first=
			for _ in 1 2 3; do
				# Only a few: a case whose failure rate is known ends early.
				fixture injection/created_thread "$engine" --executions 12 --seed "$seed" \
					--inject posix/thread/mutex_lock:errno=EAGAIN:p=0.5
				[ "$(field outcome)" = caught ]
				[ "$(field executions)" -eq 12 ] || continue
				now=$(field 'outcomes | map([.label, .count]) | sort')
				[ "${first:=$now}" = "$now" ]
				labels+=$(field 'outcomes[].label')$'\n'
			done
		done
		# none, either, or both of the two
		[ "$(sort -u <<<"$labels" | grep -c .)" -eq 4 ]
	done
}

# bats test_tags=shares-cores
@test "long delays are no hang, however many there are in one execution" {
	fixture injection/correct_many_points stress --engine tsan --jobs 2 --executions 1 --budget 500ms \
		--inject pass/point:delay:us=300000 # both wait together
	echo "$output"
	[ "$(field outcome)" = "$(printf '%s\n' clean clean)" ]
}
