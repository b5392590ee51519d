#!/usr/bin/env bats
# own.bats - sources anywhere: scenarios without an expectation, libraries beside them, programs.
# bats file_tags=long, shares-cores

load helpers

setup() {
	export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
	cd "$BATS_TEST_TMPDIR"
	mkdir -p include src races
}

teardown() {
	end_all
}

# queue [FLAG]: a library of two files that loses an item, and a scenario for it
queue() {
	cat >include/queue.h <<-'C'
		#include <pthread.h>
		struct queue {
			pthread_mutex_t lock;
			int items[4], tail;
		};
		void queue_put(struct queue *queue, int item);
	C
	cat >src/queue.c <<-'C'
		#include "queue.h"
		#include <math.h>

		double queue_fill(const struct queue *queue)
		{
			return sqrt((double)queue->tail);
		}

		void queue_put(struct queue *queue, int item)
		{
		#ifdef FIXED
			pthread_mutex_lock(&queue->lock);
		#endif
			int at = queue->tail;

			queue->items[at] = item;
			queue->tail = at + 1;
		#ifdef FIXED
			pthread_mutex_unlock(&queue->lock);
		#endif
		}
	C
	cat >races/queue.c <<-'C'
		#include <snarl.h>
		#include "queue.h"

		static void ready(void *state)
		{
			pthread_mutex_init(&((struct queue *)state)->lock, NULL);
		}

		static void alice(void *state, struct snarl_actor *self)
		{
			(void)self;
			queue_put(state, 1);
		}

		static void bob(void *state, struct snarl_actor *self)
		{
			(void)self;
			queue_put(state, 2);
		}

		static void both(void *state)
		{
			snarl_expect_eq(SNARL_LOST_ITEM, ((struct queue *)state)->tail, 2, "items");
		}

		static void end(void *state)
		{
			pthread_mutex_destroy(&((struct queue *)state)->lock);
		}

		const struct snarl_scenario scenario = {
			.state_size = sizeof(struct queue),
			.actors = {{"alice", alice}, {"bob", bob}},
			.setup = ready,
			.check = both,
			.teardown = end,
		};
	C
}

# program NAME: what stands on stdin becomes NAME.c, a program that has pthreads and a lock
program() {
	{
		printf '%s\n' '#include <assert.h>' '#include <pthread.h>' '#include <stdlib.h>' \
			'static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;' '#line 1'
		cat
	} >"$1.c"
}

# lost_update NAME [LOCK]: a program whose two workers add to a counter
lost_update() {
	program "$1" <<-C
		static int counter;
		static void *worker(void *argument)
		{
			${2+pthread_mutex_lock(&lock);}
			counter++;
			${2+pthread_mutex_unlock(&lock);}
			return argument;
		}
		int main(void)
		{
			pthread_t threads[2];
			(void)lock;
			for (int i = 0; i < 2; i++)
				pthread_create(&threads[i], NULL, worker, NULL);
			for (int i = 0; i < 2; i++)
				pthread_join(threads[i], NULL);
			assert(counter == 2);
			return 0;
		}
	C
}

@test "a scenario without an expectation is a question: what is found is FOUND, whatever the file's name" {
	queue
	cp races/queue.c races/correct_queue.c
	snarl run ./races/correct_queue.c --json -- -Iinclude src/queue.c -lm
	[ "$status" -eq 1 ]
	[ "$(field outcome | sort | uniq -c | xargs)" = "3 FOUND" ]
	[ "$(field '| select(.engine == "explore").verdict')" = lost-item ]
	snarl run ./races/queue.c -- -Iinclude src/queue.c -lm
	has "FOUND"
	lacks "FALSE ALARM"
	lacks "expected:"
	grep -qF "2 of 2 tests have a bug" "$(sed -n 's/^report: //p' <<<"$output")"
}

@test "nothing found: the exit status is 0, and explore says what it has seen" {
	queue
	snarl run ./races/queue.c --json --budget 300ms -- -Iinclude src/queue.c -lm -DFIXED
	[ "$status" -eq 0 ]
	[ "$(field outcome | sort | uniq -c | xargs)" = "3 nothing found" ]
	[[ $(field '| select(.engine == "explore").message') == "all "*" schedules with any number of preemptions seen" ]]
}

@test "a token of own code can be replayed anywhere, and other code is built in between" {
	queue
	snarl run ./races/queue.c --engine explore --json -- -Iinclude src/queue.c -lm
	token=$(field token)
	lost_update other
	snarl run ./other.c --engine explore --json
	cd /
	snarl replay "$token" --json
	[ "$status" -eq 1 ]
	[ "$(field verdict)" = lost-item ]
}

@test "the compiler speaks for itself, once; the other sources are run, and the exit status is 3" {
	queue
	printf 'int main(void)\n{\n\treturn undeclared;\n}\n' >bad.c
	snarl run ./bad.c ./races/queue.c --json -- -Iinclude src/queue.c -lm
	[ "$status" -eq 3 ]
	[ "$(grep -c 'bad.c:3:9: error: ' <<<"$stderr")" -eq 1 ]
	[ "$(field variant | sort -u)" = queue ]
	snarl run ./bad.c
	[ "$status" -eq 3 ]
}

@test "an error names a source that is no test, or a malformed scenario" {
	echo 'int nothing(void) { return 1; }' >neither.c
	printf '#include <snarl.h>\nconst struct snarl_scenario scenario = {0};\n' >malformed.c
	snarl run ./neither.c ./malformed.c
	[ "$status" -eq 3 ]
	has "neither.c:1: it defines neither a scenario nor main" "$stderr"
	has "malformed.c:2: .actors is empty: give each actor a name and a function"
	snarl run ./absent.c
	refused 2
	snarl run ./src
	refused 2
	snarl run counter ./neither.c
	refused 2
	snarl run counter -- -lm
	refused 2
}

@test "what was built is used again, until something that it was made of changes" {
	queue
	printf '#!/bin/sh\necho "$@" >>%q/compiled\nexec clang "$@"\n' "$PWD" >compiler
	chmod +x compiler
	export CLANG=$PWD/compiler
	build() {
		rm -f compiled
		snarl run ./races/queue.c --engine explore --executions 1 --json -- -Iinclude src/queue.c -lm "$@"
		touch compiled
	}
	build
	[ -s compiled ]
	build
	[ ! -s compiled ]
	echo >>include/queue.h
	build
	[ -s compiled ]
	build -DFIXED
	[ -s compiled ]
}

@test "snarl.conf says what the sources of a folder are built with; they themselves are not run" {
	queue
	mv src/queue.c races/queue_library.c
	printf '# all\nsources = queue_library.c\ncflags = -I../include\n[queue.c]\nlibs = -lm\n' >races/snarl.conf
	snarl run ./races --engine explore --json
	[ "$(field variant)" = queue ]
	[ "$(field outcome)" = FOUND ]
	echo 'cflag = -O' >>races/snarl.conf
	snarl run ./races
	refused 2
	has "races/snarl.conf:6: " "$stderr"
	has "cflag" "$stderr"
}

@test "a program gets the arguments of snarl.conf or of --args, and again when it is replayed" {
	local engine words token
	cat >races/adds.c <<-'C'
		#include <assert.h>
		#include <pthread.h>
		#include <stdlib.h>
		#include <string.h>
		#include <unistd.h>
		static int sum;
		static void *add(void *unused)
		{
			sum++;
			return unused;
		}
		int main(int argc, char **argv)
		{
			pthread_t threads[2];
			int count = 0;
			while (getopt(argc, argv, "n:") != -1)
				count = atoi(optarg);
			assert(optind == 3 && argc == 4 && !argv[4]);
			assert(strcmp(argv[3], "two words") == 0);
			argv[3][0] = 0; /* the next execution has its own */
			for (int i = 0; i < count; i++)
				pthread_create(&threads[i], NULL, add, NULL);
			for (int i = 0; i < count; i++)
				pthread_join(threads[i], NULL);
			return 0;
		}
	C
	printf "args = -n 2\n[adds.c]\nargs = 'two words'\n" >races/snarl.conf
	for engine in explore tsan; do
		snarl run ./races --engine $engine --json --budget 500ms
		[ "$(field verdict)" = data-race ]
		token=$(field token)
		snarl replay "$token"
		[ "$status" -eq 1 ]
	done
	snarl run ./races --args "-n 1 'two words'" --budget 300ms --json
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(field '| select(.executions > 1) | .outcome' | grep -c 'nothing found')" -eq 3 ]
	snarl run ./races --args '' --engine explore --json
	[ "$(field verdict)" = assertion ]
	for words in '$(id)' "'" "$(printf '%0600d' 1)"; do
		snarl run ./races --args "$words"
		refused 2
		echo "args = $words" >>races/snarl.conf
		snarl run ./races
		refused 2
		has "races/snarl.conf:4: " "$stderr"
		sed -i '$d' races/snarl.conf
	done
}

@test "a library's globals are as its constructors left them, before each execution of every engine" {
	cat >src/counting.c <<-'C'
		#include <stdlib.h>
		static int begun, *made;
		__attribute__((constructor)) static void begin(void)
		{
			begun = 40;
			made = malloc(sizeof *made);
		}
		int count(void) { return made ? ++begun : 0; }
	C
	cat >races/counting.c <<-'C'
		#include <snarl.h>
		int count(void);
		static void one(void *state, struct snarl_actor *self)
		{
			(void)state;
			(void)self;
			if (count() != 41)
				__builtin_trap();
		}
		static void check(void *state) { (void)state; snarl_expect_eq(SNARL_STALE_READ, count(), 42, "count"); }
		const struct snarl_scenario scenario = {.actors = {{"one", one}}, .check = check};
	C
	snarl run ./races/counting.c --json --budget 300ms -- src/counting.c
	[ "$(field outcome | sort -u)" = "nothing found" ]
	[ "$(field executions | sort -n | head -n 1)" -gt 1 ]
}

@test "sources may use names that are the harness's own, or the C library's" {
	cat >names.c <<-'C'
		#include <pthread.h>
		#include <stdlib.h>
		struct queue { int items; };
		int send(struct queue *queue) { return queue->items++; }
		int format(struct queue *queue) { return send(queue); }
		int scheduler = 3, workers, die(struct queue *queue);
		int die(struct queue *queue) { return format(queue) + scheduler + workers; }
		static struct queue shared;
		static void *run(void *argument) { die(&shared); return argument; }
		int main(void)
		{
			pthread_t thread;
			pthread_create(&thread, NULL, run, NULL);
			pthread_join(thread, NULL);
			if (shared.items != 1)
				abort();
			return 0;
		}
	C
	snarl run ./names.c --json --budget 200ms
	echo "$output$stderr"
	[ "$(field outcome | sort | uniq -c | xargs)" = "3 nothing found" ]
}

@test "a program is a test as it is: main and its threads have names, and a failed assertion is found" {
	lost_update lost
	snarl run ./lost.c --engine explore --json
	[ "$status" -eq 1 ]
	[[ $(field verdict) == assertion || $(field verdict) == data-race ]]
	field 'trace[].actor' | grep -qxF "worker 2"
	snarl run ./lost.c --engine tsan --json
	[ "$(field outcome)" = FOUND ]
	lost_update kept locked
	snarl run ./kept.c --json --budget 300ms
	[ "$(field outcome | sort | uniq -c | xargs)" = "3 nothing found" ]
}

@test "a race inside a call of the C library is reported by tsan at the line of the caller" {
	cat >environment.c <<-'C'
		#include <pthread.h>
		#include <stdlib.h>
		static void *set(void *unused)
		{
			setenv("SEEN", "1", 1);
			return unused;
		}
		int main(void)
		{
			pthread_t setter;
			char *seen;
			pthread_create(&setter, NULL, set, NULL);
			seen = getenv("SEEN");
			if (seen && seen[0] != '1')
				abort();
			pthread_join(setter, NULL);
			return 0;
		}
	C
	snarl run ./environment.c --engine tsan --json
	[ "$(field verdict)" = data-race ]
	has environment.c:5 "$(field message)"
	lacks "/injectors/" "$(jq -c . <<<"$output")"
}

@test "when main ends, the program ends, whatever its threads wait for; exit ends it too" {
	program left <<-'C'
		static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
		static void *wait(void *argument)
		{
			pthread_mutex_lock(&lock);
			for (;;)
				pthread_cond_wait(&never, &lock);
			return argument;
		}
		int main(void)
		{
			pthread_t thread;
			assert(!pthread_create(&thread, NULL, wait, NULL));
			return 1;
		}
	C
	program exits <<-'C'
		static void *leave(void *argument)
		{
			pthread_mutex_lock(&lock);
			exit(argument != NULL);
		}
		int main(void)
		{
			pthread_t thread;
			pthread_create(&thread, NULL, leave, NULL);
			pthread_join(thread, NULL);
			abort();
		}
	C
	program handlers <<-'C'
		static int order;
		static void first(void) { order++; }
		static void last(void) { assert(order == 1); }
		static void *leave(void *argument) { exit(argument != NULL); }
		int main(void)
		{
			pthread_t thread;
			(void)lock;
			atexit(last);
			atexit(first);
			pthread_create(&thread, NULL, leave, NULL);
			pthread_join(thread, NULL);
			abort();
		}
	C
	snarl run ./left.c ./exits.c ./handlers.c --json --budget 200ms
	echo "$output"
	[ "$(field outcome | sort | uniq -c | xargs)" = "9 nothing found" ]
	sed -i 's/order == 1/order == 2/' handlers.c
	snarl run ./handlers.c --json --budget 200ms
	[ "$(field outcome | sort | uniq -c | xargs)" = "3 FOUND" ]
}

@test "explore sees what threads may do before the end of a program, or of the last actor, ends them" {
	local name
	program returns <<-'C'
		static int shared;
		static void *late(void *unused) { shared++; return unused; }
		int main(void)
		{
			pthread_t thread;
			(void)lock;
			pthread_create(&thread, NULL, late, NULL);
			pthread_detach(thread);
			shared++;
			return 0;
		}
	C
	program handled <<-'C'
		static int *shared, sum;
		static void drop(void) { free(shared); shared = NULL; }
		static void *leave(void *unused) { (void)unused; exit(0); }
		int main(void)
		{
			pthread_t thread;
			(void)lock;
			shared = calloc(1, sizeof *shared);
			atexit(drop);
			pthread_create(&thread, NULL, leave, NULL);
			sum += *shared;
			return 0;
		}
	C
	cat >detached.c <<-'C'
		#include <pthread.h>
		#include <snarl.h>
		static void *late(void *state) { ++*(int *)state; return NULL; }
		static void parent(void *state, struct snarl_actor *self)
		{
			pthread_t thread;
			(void)self;
			pthread_create(&thread, NULL, late, state);
			pthread_detach(thread);
			++*(int *)state;
		}
		const struct snarl_scenario scenario = {
			.summary = "a thread that may never run",
			.state_size = sizeof(int),
			.actors = {{"parent", parent}},
		};
	C
	program last <<-'C'
		static int ended;
		static void check(void) { assert(!ended); }
		static void *end(void *unused) { ended = 1; return unused; }
		int main(void)
		{
			pthread_t thread;
			(void)lock;
			atexit(check);
			pthread_create(&thread, NULL, end, NULL);
			pthread_exit(NULL);
		}
	C
	for name in returns handled detached last; do
		snarl run ./$name.c --engine explore --json
		echo "$output"
		[ "$(field outcome)" = FOUND ]
		[[ $(field verdict) =~ ^(data-race|crash|assertion)$ ]]
	done
	sed -i 's/shared++;/pthread_mutex_lock(\&lock); shared++; pthread_mutex_unlock(\&lock);/' returns.c
	sed -i 's/++\*(int \*)state;/__atomic_add_fetch((int *)state, 1, __ATOMIC_RELAXED);/' detached.c
	for name in returns detached; do
		snarl run ./$name.c --engine explore --json
		echo "$output"
		[ "$(field outcome)" = "nothing found" ]
	done
}

@test "a program that stands still in its first execution is explained in every engine" {
	local engine
	program recursive <<-'C'
		static pthread_once_t once = PTHREAD_ONCE_INIT;
		static void second(void) {}
		static void first(void) { pthread_once(&once, second); }
		int main(void)
		{
			(void)lock;
			pthread_once(&once, first);
			return 0;
		}
	C
	for engine in stress tsan explore; do
		snarl run ./recursive.c --engine $engine --json
		echo "$engine: $(field message)"
		[ "$(field verdict)" = deadlock ]
		has "waits for once (recursive.c:" "$(field message)"
	done
	has "main holds once (recursive.c:7)" "$(field message)"
}

@test "explore says what an actor did that stops its process, or leaves it no descriptors" {
	local name
	for name in stops limits; do
		cat >$name.c <<-C
			#include <signal.h>
			#include <stdlib.h>
			#include <sys/resource.h>
			#include <snarl.h>
			static void stops(void) { raise(SIGSTOP); }
			static void limits(void)
			{
				setrlimit(RLIMIT_NOFILE, &(struct rlimit){0, 0});
				abort();
			}
			static void run(void *state, struct snarl_actor *self)
			{
				(void)state;
				(void)self;
				$name();
				(void)stops;
				(void)limits;
			}
			const struct snarl_scenario scenario = {.summary = "one", .actors = {{"one", run}}};
		C
		snarl run ./$name.c --engine explore --budget 100ms --json
		echo "$output"
		[ "$(field outcome)" = FOUND ]
		[ $name != stops ] || has "stopped by a signal" "$(field message)"
		[ $name != limits ] || has "one was aborted" "$(field message)"
	done
}

@test "a program's deadlock names its threads, in every engine that meets it" {
	program cycle <<-'C'
		static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;
		static void *there(void *argument)
		{
			pthread_mutex_lock(&lock);
			pthread_mutex_lock(&other);
			pthread_mutex_unlock(&other);
			pthread_mutex_unlock(&lock);
			return argument;
		}
		static void *back(void *argument)
		{
			pthread_mutex_lock(&other);
			pthread_mutex_lock(&lock);
			pthread_mutex_unlock(&lock);
			pthread_mutex_unlock(&other);
			return argument;
		}
		int main(void)
		{
			pthread_t one, two;
			pthread_create(&one, NULL, there, NULL);
			pthread_create(&two, NULL, back, NULL);
			pthread_join(one, NULL);
			pthread_join(two, NULL);
			return 0;
		}
	C
	snarl run ./cycle.c --engine explore --json
	[ "$(field verdict)" = deadlock ]
	[ "$(field 'waits.cycle[]' | sort | xargs)" = "back 1 there 1" ]
	snarl run ./cycle.c --engine stress --profile delays --budget 5s --json
	[ "$(field verdict)" = deadlock ]
	[ "$(field 'waits.cycle[]' | sort | xargs)" = "back 1 there 1" ]
}

@test "each execution has a new process if the scenario asks for it" {
	cat >fresh.c <<-'C'
		#define _GNU_SOURCE
		#include <snarl.h>
		#include <stdlib.h>
		#include <unistd.h>
		static void one(void *state, struct snarl_actor *self)
		{
			(void)self;
			*(int *)state = getenv("SEEN") != NULL;
			setenv("SEEN", "1", 1);
		}
		static void check(void *state) { snarl_expect_eq(SNARL_STALE_READ, *(int *)state, 0, "seen"); }
		const struct snarl_scenario scenario = {
			.state_size = sizeof(int),
			.isolation = SNARL_FRESH_PROCESS,
			.actors = {{"one", one}},
			.check = check,
		};
	C
	snarl run ./fresh.c --json --budget 300ms
	[ "$(field outcome | sort | uniq -c | xargs)" = "3 nothing found" ]
	[ "$(field '| select(.engine == "stress").executions')" -gt 10 ]
	sed -i 's/, 0, "seen"/, 1, "seen"/' fresh.c
	snarl run ./fresh.c --json --budget 300ms
	[ "$(field outcome | sort | uniq -c | xargs)" = "3 FOUND" ]
	[ "$(field verdict | sort -u)" = stale-read ]
}

@test "snarl new writes a scenario that builds and fails, and takes a library" {
	queue
	snarl new races/mine --library src/queue.c
	[ "$status" -eq 0 ]
	sed -i 's/^libs =/libs = -lm/' races/snarl.conf
	snarl run ./races/mine.c --json
	[ "$status" -eq 1 ]
	[ "$(field outcome | sort | uniq -c | xargs)" = "3 FOUND" ]
	[ "$(field '| select(.engine == "explore").verdict')" = lost-update ]
	snarl new races/mine
	refused 2
	snarl new
	refused 2
}

@test "paths may have spaces, and main beside a scenario is not run" {
	mkdir -p "a b/c d"
	queue
	echo 'int main(void) { return 1; }' >>src/queue.c
	cp races/queue.c "a b/c d/my queue.c"
	snarl run "./a b/c d/my queue.c" --engine explore --json -- -Iinclude src/queue.c -lm
	[ "$(field variant)" = my_queue ]
	[ "$(field outcome)" = FOUND ]
}

# chapter TITLE: the README's chapter of that title
chapter() {
	awk -v title="## $1" '/^## / { inside = $0 == title } inside' "$ROOT/README.md"
}

# saved PATH: the C code of the chapter on stdin that it says to save there
saved() {
	awk -v path="\`$1\`" 'index($0, path) { here = 1 } here && /^```$/ { exit } code && here; /^```c$/ { code = here }'
}

@test "README's chapter 'Test your own queue' does what it says" {
	PATH=$BUILD:$PATH
	for path in include/queue.h src/queue.c; do
		chapter "Test your own queue" | saved $path >$path
		[ -s $path ]
	done
	rmdir races
	mkdir races
	run snarl new races/queue --library src/queue.c
	run -1 "$SNARL" run ./races --engine explore
	has "lost-update"
	chapter "Test your own queue" | saved races/queue.c >races/queue.c
	run -1 "$SNARL" run ./races
	echo "$output"
	[ "$(grep -c ^FOUND <<<"$output")" -eq 3 ]
	# the picture that the README shows
	chapter "Test your own queue" | grep -E '^ +[0-9]+ .* L1[0-9] ' | tr -s ' ' >shown
	[ "$(wc -l <shown)" -eq 10 ]
	for step in "L15 locks lock" "L17 writes count: 0 → 1" "L17 writes count: 1 → 1"; do
		has "$step"
		grep -q "$step" shown
	done
	run -1 "$SNARL" run ./races/queue.c --engine explore -- -Iinclude src/queue.c
	# the fix: the first line goes behind the lock
	awk '/int at = / { line = $0; next } { print } /mutex_lock/ { print line }' src/queue.c |
		sed '/at == 8/,/return -1/d' >fixed && mv fixed src/queue.c
	run -0 "$SNARL" run ./races --budget 300ms
	[ "$(grep -c "^nothing found" <<<"$output")" -eq 3 ]
	has "all "
}

@test "README's chapter 'Test a program' does what it says" {
	chapter "Test a program" | saved tickets.c >tickets.c
	run -1 "$SNARL" run ./tickets.c --engine explore
	echo "$output"
	has "assertion 'sold <= 1' fails"
	has "seller 2"
	sed -i 's/assert(sold <= 1);/return 3;/' tickets.c
	run -0 "$SNARL" run ./tickets.c --engine explore
	run -1 "$SNARL" run ./tickets.c --exit-status --engine explore
	sed -i 's/return 3;/{ static char *kept; char *p = __builtin_malloc(8); *p = 1; if (*p != 1) kept = p; (void)kept; }/' tickets.c
	run -0 "$SNARL" run ./tickets.c --engine explore
	run -1 "$SNARL" run ./tickets.c --leaks --engine explore
}

@test "a library's thread-local variables begin anew in each execution of every engine" {
	cat >src/local.c <<-'C'
		static _Thread_local int counted = 6, seen;
		int count(void) { return ++counted + seen++; }
	C
	cat >races/local.c <<-'C'
		#include <snarl.h>
		int count(void);
		static void one(void *state, struct snarl_actor *self)
		{
			(void)self;
			*(int *)state += count();
		}
		static void check(void *state) { snarl_expect_eq(SNARL_STALE_READ, *(int *)state, 7, "count"); }
		const struct snarl_scenario scenario = {.state_size = sizeof(int), .actors = {{"one", one}}, .check = check};
	C
	snarl run ./races/local.c --json --budget 300ms -- src/local.c
	echo "$output"
	[ "$(field outcome | sort | uniq -c | xargs)" = "3 nothing found" ]
	[ "$(field executions | sort -n | head -n 1)" -gt 1 ]
}

# carried CODE: a scenario whose actor runs the code, and fails from its second execution on
carried() {
	cat >carried.c <<-C
		#include <signal.h>
		#include <snarl.h>
		#include <syslog.h>
		static void one(void *state, struct snarl_actor *self)
		{
			(void)self;
			$1
		}
		static void check(void *state) { snarl_expect_eq(SNARL_STALE_READ, *(int *)state, 0, "seen"); }
		const struct snarl_scenario scenario = {
			.state_size = sizeof(int), FRESH .actors = {{"one", one}}, .check = check};
	C
}

@test "a failure that comes from the executions before does not repeat alone, and its message says so" {
	carried 'struct sigaction before, ignore = {.sa_handler = SIG_IGN};
		sigaction(SIGUSR1, &ignore, &before);
		*(int *)state = before.sa_handler == SIG_IGN;'
	for engine in stress tsan; do
		snarl run ./carried.c --engine $engine --json -- -DFRESH=
		[ "$(field outcome)" = FOUND ]
		[[ $(field message) == *"executions may influence each other"* ]]
	done
	snarl run ./carried.c --json --budget 300ms -- '-DFRESH=.isolation=SNARL_FRESH_PROCESS,'
	[ "$(field '| select(.engine != "explore").outcome' | sort | uniq -c | xargs)" = "2 nothing found" ]
	# explore knows that setlogmask is outside of its model, and replays the failure in a new process
	carried '*(int *)state = setlogmask(1) == 1;'
	snarl run ./carried.c --engine explore --json -- -DFRESH=
	[ "$(field outcome)" = FOUND ]
	[[ $(field message) == *"executions may influence each other"* ]]
	# a real bug repeats
	carried '*(int *)state = 1;'
	snarl run ./carried.c --json -- -DFRESH=
	[ "$(field outcome | sort | uniq -c | xargs)" = "3 FOUND" ]
	lacks "influence"
}

@test "own code can be listed, and its points named in rules" {
	queue
	snarl list ./races/queue.c -- -Iinclude src/queue.c -lm -DFIXED
	[ "$status" -eq 0 ]
	has "a question"
	snarl points ./races/queue.c --json -- -Iinclude src/queue.c -lm -DFIXED
	[ "$status" -eq 0 ]
	field name | grep -qxF posix/thread/mutex_lock
	snarl run ./races/queue.c --engine stress --inject 'posix/thread/mutex_lock:yield' --json --budget 200ms \
		-- -Iinclude src/queue.c -lm -DFIXED
	[ "$(field 'injections[0].count')" -gt 0 ]
	snarl run ./races/queue.c --inject 'posix/thread/join:yield' -- -Iinclude src/queue.c -lm -DFIXED
	refused 2
}

@test "keys that globals forget are deleted; those of constructors and of libraries stay" {
	cat >library.c <<-'C'
		#include <pthread.h>
		static pthread_once_t once = PTHREAD_ONCE_INIT;
		static pthread_key_t kept;
		static void make(void) { pthread_key_create(&kept, NULL); }
		int library_ok(void) { pthread_once(&once, make); return pthread_setspecific(kept, &kept) == 0; }
	C
	"${CLANG:-clang}" -shared -fPIC -o liblibrary.so library.c
	cat >races/keys.c <<-'C'
		#include <pthread.h>
		#include <snarl.h>
		static pthread_once_t once = PTHREAD_ONCE_INIT;
		static pthread_key_t made, first;
		int library_ok(void);
		__attribute__((constructor)) static void begin(void) { pthread_key_create(&first, NULL); }
		static void make(void) { if (pthread_key_create(&made, NULL)) __builtin_trap(); }
		static void one(void *state, struct snarl_actor *self)
		{
			(void)self;
			pthread_once(&once, make);
			if (pthread_setspecific(made, state) || pthread_setspecific(first, state) || !library_ok())
				__builtin_trap();
		}
		const struct snarl_scenario scenario = {.actors = {{"one", one}, {"two", one}}};
	C
	snarl run ./races/keys.c --engine stress --engine tsan --json --executions 3000 --budget 20s \
		-- "$PWD/liblibrary.so" "-Wl,-rpath,$PWD"
	echo "$output$stderr"
	[ "$(field outcome | sort | uniq -c | xargs)" = "2 nothing found" ]
	[ "$(field executions | sort -n | head -n 1)" -eq 3000 ]
}

@test "a case is built anew if a library changes that it was linked with, whatever names it" {
	queue
	library() {
		"${CLANG:-clang}" -c "$@" -Iinclude src/queue.c -o queue.o
		rm -f libqueue.a
		ar rcs libqueue.a queue.o
	}
	for words in libqueue.a "-L. -lqueue" "-L $PWD -l queue"; do
		library
		# shellcheck disable=SC2086 # words
		snarl run ./races/queue.c --engine stress --json -- -Iinclude $words -lm
		[ "$(field outcome)" = FOUND ]
		library -DFIXED
		# shellcheck disable=SC2086 # words
		snarl run ./races/queue.c --engine stress --json --budget 200ms -- -Iinclude $words -lm
		[ "$(field outcome)" = "nothing found" ]
	done
}

@test "a token finds its own sources, though others have the same names, and runs with other engines" {
	for folder in one two; do
		mkdir -p $folder/races
		lost_update $folder/races/counter
	done
	sed -i 's/counter == 2/counter == 7/' two/races/counter.c
	snarl run ./one/races/counter.c --engine explore --json
	token=$(field token)
	snarl run ./two/races/counter.c --engine explore --json
	other=$(field token)
	snarl run ./one/races/counter.c --engine stress --json --budget 100ms
	snarl replay "$token" --json
	[ "$status" -eq 1 ]
	snarl replay "$other" --json
	[ "$status" -eq 1 ]
	has "counter == 7" "$(field message)"
}

@test "an engine without a case is an error, and the others run" {
	cat >some.c <<-'C'
		#if __has_feature(thread_sanitizer)
		#error not for this engine
		#endif
		int main(void) { return 0; }
	C
	snarl run ./some.c --engine stress --engine tsan --json --budget 100ms
	[ "$status" -eq 3 ]
	has "not for this engine" "$stderr"
	[ "$(field engine)" = stress ]
	[ "$(field expected)" = null ]
	snarl run ./some.c --engine stress --engine nosuch
	refused 2
	snarl bench search/pos ./some.c
	[ "$status" -eq 3 ]
}

@test "a source that prints before it is asked is an error with a reason" {
	lost_update prints
	sed -i '1i #include <stdio.h>\n__attribute__((constructor)) static void hello(void) { puts("hello"); }' prints.c
	for round in first again; do
		snarl run ./prints.c
		echo "$round"
		[ "$status" -eq 3 ]
		has "prints.c:1: it does not describe itself: it printed no description, or more than that" "$stderr"
	done
}

@test "snarl.conf is read as its folder sees it, and what it names has to be there" {
	queue
	printf 'sources = ../src/*.c\ncflags = -I../include\nlibs = -lm\n' >races/snarl.conf
	for folder in . races src; do
		(
			cd $folder
			run -1 "$SNARL" run "$OLDPWD/races/queue.c" --engine explore
		)
	done
	for line in 'sources = ../src/absent.c' '[absent.c]'; do
		echo "$line" >races/snarl.conf
		snarl run ./races
		refused 2
		has "races/snarl.conf:1: there is no such" "$stderr"
	done
	for ((i = 0; i < 1100; i++)); do printf ' -DWORD_%d' $i; done | sed 's/^/cflags =/' >races/snarl.conf
	snarl run ./races
	refused 2
}

@test "folders may have names that a shell would expand, and snarl new leaves no half" {
	mkdir -p 'x[1] *'
	lost_update 'x[1] */lost'
	snarl run './x[1] *' --engine explore --json
	[ "$(field outcome)" = FOUND ]
	snarl new races/mine --library src/typo.c
	refused 2
	[ -z "$(ls races)" ]
	mkdir "it's"
	echo 'int answer(void) { return 42; }' >"it's/library.c"
	snarl new races/mine --library "it's/library.c"
	[ "$status" -eq 0 ]
	snarl run ./races --engine explore --json
	[ "$(field outcome)" = FOUND ]
}

# long BODY: long.c, whose thread adds and waits as the body says
long() {
	cat >long.c <<-C
		#include <pthread.h>
		#include <signal.h>
		#include <stdatomic.h>
		#include <time.h>

		static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
		static atomic_int begun, seen;
		static volatile long count;

		static void *work(void *unused)
		{
			$1
			return unused;
		}

		int main(void)
		{
			pthread_t thread;

			pthread_create(&thread, NULL, work, NULL);
			begun = 1;
			pthread_join(thread, NULL);
			return 0;
		}
	C
	snarl run long.c --engine explore --budget 300ms --json
	echo "$output"
}

@test "explore: many steps are no bug; if others took few, the execution hangs; if none ended, nobody knows" {
	long 'while (count < 700000) { pthread_mutex_lock(&lock); count++; pthread_mutex_unlock(&lock); }'
	[ "$(field outcome)" = "nothing found" ]
	long 'for (int early = !begun; early;) count++;'
	[ "$(field verdict)" = hang ]
	has "still running after" "$(field outcomes)"
	has "work 1 runs in work (long.c:" "$(field message)"
	long 'for (;;) count++;'
	[ "$(field outcome)" = skipped ]
	has "explore's limit" "$(field message)"
}

@test "tsan refuses the threads that the C library makes for timers" {
	long 'struct sigevent event = {.sigev_notify = SIGEV_THREAD}; timer_t timer;
		timer_create(CLOCK_MONOTONIC, &event, &timer);'
	snarl run long.c --engine tsan --budget 300ms --json
	[ "$(field outcome)" = skipped ]
	has SIGEV_THREAD "$(field message)"
}

@test "explore and tsan see what happens to members and elements of locals that others know" {
	cat >members.c <<-'C'
		#include <pthread.h>

		struct pair {
			int first, second;
		};

		static void *count(void *pair)
		{
			((struct pair *)pair)->second++;
			return NULL;
		}

		int main(void)
		{
			struct pair pair = {0, 0};
			int elements[2] = {0, 0};
			pthread_t one, two;

			pthread_create(&one, NULL, count, &pair);
		#ifndef FIXED
			pair.second++;
		#endif
			pthread_join(one, NULL);
			pthread_create(&two, NULL, count, elements);
		#ifndef FIXED
			elements[1]++;
		#endif
			pthread_join(two, NULL);
			return pair.second + elements[1] > 4;
		}
	C
	for engine in explore tsan; do
		snarl run members.c --engine "$engine" --json
		echo "$output"
		[ "$(field verdict)" = data-race ]
	done
	snarl run members.c --engine explore --json -- -DFIXED
	echo "$output"
	has "schedules with any number of preemptions seen" "$(field message)"
}

@test "a deadlock is found that a program leaves behind when it ends" {
	cat >left.c <<-'C'
		#include <pthread.h>
		#include <unistd.h>

		static pthread_t one, two;
		static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

		static void *wait_for(void *other)
		{
			pthread_mutex_lock(&lock); /* both handles are known */
			pthread_mutex_unlock(&lock);
			pthread_join(*(pthread_t *)other, NULL);
			return NULL;
		}

		int main(void)
		{
			pthread_mutex_lock(&lock);
			pthread_create(&one, NULL, wait_for, &two);
			pthread_create(&two, NULL, wait_for, &one);
			pthread_mutex_unlock(&lock);
			sleep(1);
			return 0;
		}
	C
	snarl run left.c --engine explore --json
	echo "$output"
	[ "$(field verdict)" = deadlock ]
	has "waits for wait_for 2 to end" "$(field message)"
	lacks main "$(field message)"
}

@test "a crash in a key's destructor is its thread's" {
	cat >destructor.c <<-'C'
		#include <pthread.h>
		#include <stdlib.h>

		static pthread_key_t key;

		static void destroy(void *value)
		{
			(void)value;
			abort();
		}

		static void *work(void *value)
		{
			pthread_setspecific(key, &key);
			return value;
		}

		int main(void)
		{
			pthread_t thread;

			pthread_key_create(&key, destroy);
			pthread_create(&thread, NULL, work, NULL);
			pthread_join(thread, NULL);
			return 0;
		}
	C
	for engine in stress tsan explore; do
		snarl run destructor.c --engine "$engine" --json
		echo "$output"
		[ "$(field verdict)" = crash ]
		has "work 1 " "$(field message)"
	done
}

@test "explore names the limit of its heap, and does not let memory run out" {
	cat >heap.c <<-'C'
		#include <stdlib.h>

		int main(void)
		{
			for (int i = 0; i < 2000000; i++) {
				char *block = malloc(16);

				block[0] = 1;
				free(block);
			}
			return 0;
		}
	C
	snarl run heap.c --engine explore --json
	[ "$(field outcome)" = skipped ]
	has "heap is full" "$(field message)"
}

@test "what an aborted program printed last is in the message, in every engine" {
	program gives_up <<-'C'
		#include <stdio.h>
		static void *worker(void *argument)
		{
			fprintf(stderr, "starting\nqueue.c:12: tail %d is beyond %d\n", 5, 4);
			abort();
			return argument;
		}
		int main(void)
		{
			pthread_t thread;
			(void)lock;
			pthread_create(&thread, NULL, worker, NULL);
			pthread_join(thread, NULL);
			assert(0);
		}
	C
	snarl run ./gives_up.c --json --budget 200ms
	echo "$output"
	[ "$status" -eq 1 ]
	[ "$(field message | grep -cE 'was aborted \(SIGABRT\).*: queue.c:12: tail 5 is beyond 4$')" -eq 3 ]
}
