/* batch.c - persistent actors that run batches of states. */
#define _GNU_SOURCE
#include "batch.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "board.h"
#include "clock.h"
#include "cpus.h"
#include "event.h"
#include "inject.h"
#include "ledger.h"
#include "prng.h"
#include "process.h"
#include "tell.h"
#include "wrap.h"

enum {
	PAGE = 4096,
	LINE = 64,		    /* bytes of a cache line */
	STATES_FIRST = 32,	    /* of the first batch with an arm, until its speed is known */
	STATES_BYTES_MAX = 8 << 20, /* of states and logs in a batch: stay near the caches */
	BATCH_NS = 4 * 1000 * 1000, /* what one batch should take */
	/*
	 * A millisecond with a CPU for each actor: the others are soon back, even on a busy
	 * machine, and who yields loses the rest of a time slice. Much less where actors have to
	 * share.
	 */
	SPINS_HOT = 50, /* without a pause, which costs as much as a cache miss here */
	SPINS_ALONE = 20000,
	SPINS_SHARED = 500,
	NAP_NS = 20 * 1000,		  /* between looks, once spinning has not helped */
	WATCH_NS = 10 * 1000 * 1000,	  /* the main thread looks this often, */
	WATCH_QUIET_NS = 5 * 1000 * 1000, /* and this often while nobody moves */
	QUIET_LOOKS = 2,     /* without progress; then the counts are sent, since it may hang */
	ORDER_AGE_MAX = 64,  /* batches with one order: making one costs as much as a batch */
	TRIALS = 4,	     /* batches with each arm before any is preferred */
	EXPLORE_PERCENT = 8, /* of the time goes to other arms than the best so far */
	REHEARSALS = 2,	     /* one in each order */
	ARMS_MAX = 32,
	SIGNAL_STACK = 64 << 10,
};

static struct crew {
	const struct batch_config *config;
	bool processes; /* each execution has actors of its own: a batch is one */
	bool forks;	/* and they are processes indeed */
	unsigned actors;
	unsigned cpus;
	unsigned spins; /* before a waiting actor yields */
	size_t log_size;

	/* Set between batches by the last actor at the edge; read by all during a batch. */
	const struct arm *arm;
	uint32_t count; /* states of the running batch */
	uint32_t line_every;
	size_t stride;	/* bytes from a state to the next */
	uint64_t first; /* number of the batch's first execution */
	uint64_t lines; /* start lines that were crossed before this batch */
	uint32_t shifts[SNARL_ACTORS_MAX];
	bool over;
	char *states;
	uint32_t *order;    /* of visits: states by their place in it */
	uint32_t *rank;	    /* its inverse: places by state */
	uint32_t ordered;   /* states that `order` was made for */
	unsigned order_age; /* batches since */
	struct ledger_log *logs[SNARL_ACTORS_MAX];

	/* Bandit: what each arm has shown so far; between batches only. */
	struct arm_record {
		unsigned batches;
		double executions, failures, ns; /* of late: older batches count less */
		uint32_t count;			 /* states for its next batch */
	} records[ARMS_MAX];
	bool exploring;
	double explored_ns, explored_of_ns; /* time with other arms than the best, and in all */
	uint64_t choice;		    /* random stream of the choices */
	uint64_t began_ns, batch_began_ns;
	uint64_t failures, batch_first;
	unsigned failing_arm;
	void *failed_state;

	struct worker {
		_Alignas(PAGE) struct snarl_actor actor;
		pthread_t thread;
		struct histogram histogram;
		uint32_t walked; /* executions of the running batch; the same for all */
		uint64_t batch_failures;
		void *signal_stack;
		uint64_t failed_execution; /* the lowest of its share in this batch; its state: */
		void *failed;
	} * workers[SNARL_ACTORS_MAX];

	_Alignas(LINE) _Atomic bool hurry; /* set by the watch once, when the budget is spent */
	_Alignas(LINE) _Atomic unsigned edge_arrived;
	_Alignas(LINE) _Atomic unsigned edge_generation;
	_Alignas(LINE) _Atomic unsigned running;
	sem_t over_for_all; /* posted by the last worker to leave: the case is over, nothing runs */
} crew;

static inline void spin_pause(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#else
	__asm__ volatile("yield");
#endif
}

/*
 * Spin a while, then let others run: there may be fewer CPUs than actors, or other work for them. A
 * short sleep, where it is not the only way to get the one CPU to the others: who yields is not
 * back for a whole time slice of whatever else runs.
 */
static inline void spin_wait(unsigned *spins)
{
	if (++*spins < crew.spins) {
		if (*spins > SPINS_HOT)
			spin_pause();
		return;
	}
	*spins = 0;
	if (crew.cpus == 1)
		sched_yield();
	else
		clock_sleep_ns(NAP_NS);
}

unsigned batch_actor_count(void)
{
	unsigned count = 0;

	while (count < SNARL_ACTORS_MAX && scenario.actors[count].run)
		count++;
	return count;
}

/* The `nth` CPU of a set. */
static int cpu_nth(const cpu_set_t *set, unsigned nth)
{
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, set) && nth-- == 0)
			return cpu;
	return 0;
}

static void worker_place(struct worker *worker, const cpu_set_t *all)
{
	cpu_set_t one;

	if (!crew.arm->pinned || crew.cpus < crew.actors) {
		pthread_setaffinity_np(worker->thread, sizeof *all, all);
		return;
	}
	CPU_ZERO(&one);
	CPU_SET(cpu_nth(all, worker->actor.index), &one);
	pthread_setaffinity_np(worker->thread, sizeof one, &one);
}

/*
 * All actors meet; the last one runs `serial` alone. Ordered, unlike the start line: it stands
 * between batches, where nothing of a scenario runs.
 */
static void edge_cross(void (*serial)(void))
{
	unsigned generation = atomic_load(&crew.edge_generation), spins = 0;

	if (crew.config->publish)
		crew.config->publish(&crew.edge_generation);
	if (atomic_fetch_add(&crew.edge_arrived, 1) + 1 == crew.actors) {
		if (crew.config->receive)
			crew.config->receive(&crew.edge_generation);
		if (serial)
			serial();
		if (crew.config->publish) /* what it did, too */
			crew.config->publish(&crew.edge_generation);
		atomic_store(&crew.edge_arrived, 0);
		atomic_store(&crew.edge_generation, generation + 1);
	} else {
		while (atomic_load(&crew.edge_generation) == generation)
			spin_wait(&spins);
	}
	if (crew.config->receive)
		crew.config->receive(&crew.edge_generation);
}

static void *state_at(uint32_t index)
{
	return crew.states + (size_t)index * crew.stride;
}

bool batch_locate(uintptr_t address, size_t *offset)
{
	uintptr_t from = (uintptr_t)crew.states;

	if (address < from || address >= from + crew.count * crew.stride)
		return false;
	*offset = (address - from) % crew.stride;
	return true;
}

static struct ledger_log *log_at(unsigned actor, uint32_t index)
{
	return (struct ledger_log *)((char *)crew.logs[actor] + (size_t)index * crew.log_size);
}

/* This worker's share of the batch's states. */
static void share_of(const struct worker *worker, uint32_t *from, uint32_t *to)
{
	*from = (uint32_t)((uint64_t)crew.count * worker->actor.index / crew.actors);
	*to = (uint32_t)((uint64_t)crew.count * (worker->actor.index + 1) / crew.actors);
}

static void share_setup(struct worker *worker)
{
	uint32_t from, to;

	share_of(worker, &from, &to);
	memset(state_at(from), 0, (size_t)(to - from) * crew.stride);
	if (!scenario.setup)
		return;
	for (uint32_t i = from; i < to; i++)
		scenario.setup(state_at(i));
}

static void state_check(struct worker *worker, struct snarl_actor *const *actors, uint32_t index)
{
	struct ledger_log *logs[SNARL_ACTORS_MAX] = {NULL};
	uint64_t execution = crew.first + crew.rank[index];
	const struct outcome *outcome;

	for (unsigned a = 0; crew.log_size && a < crew.actors; a++)
		logs[a] = log_at(a, index);
	outcome = oracle_check(state_at(index), actors, logs);
	histogram_add(&worker->histogram, outcome, execution);
	/* Copied before the teardown, for the report. */
	if (outcome->kinds && execution < worker->failed_execution) {
		worker->failed_execution = execution;
		memcpy(worker->failed, state_at(index), scenario.state_size);
	}
}

/* In the order of memory, which is cheap; an execution's number is its place in the visits. */
static void share_check(struct worker *worker)
{
	struct snarl_actor *actors[SNARL_ACTORS_MAX] = {NULL};
	uint64_t failures = worker->histogram.failures;
	uint32_t from, to;

	for (unsigned a = 0; a < crew.actors; a++)
		actors[a] = &crew.workers[a]->actor;
	worker->failed_execution = UINT64_MAX;
	share_of(worker, &from, &to);
	for (uint32_t i = from; i < to; i++) {
		if (crew.rank[i] < worker->walked) /* a batch may be cut short */
			state_check(worker, actors, i);
		if (scenario.teardown)
			scenario.teardown(state_at(i));
		if (crew.processes)
			process_sweep();
	}
	worker->batch_failures = worker->histogram.failures - failures;
}

/*
 * Relaxed: the line brings actors together in time, and orders nothing.
 *
 * The first actor may also end the batch here, by the lowest bit of its arrival: nobody crosses a
 * line without having seen it arrive, so that all leave at the same one. The very first line is
 * crossed however late it is: a run without an execution says nothing. Returns whether to go on.
 */
static bool line_cross(struct snarl_actor *self, uint64_t line, uint32_t shift)
{
	struct snarl_actor *leader = &crew.workers[0]->actor;
	bool last = self == leader && line > 1 &&
		    atomic_load_explicit(&crew.hurry, memory_order_relaxed);
	unsigned spins = 0;

	self->waiting = true;
	atomic_store_explicit(&self->arrived, line << 1 | last, memory_order_relaxed);
	for (unsigned a = 0; a < crew.actors; a++)
		while (atomic_load_explicit(
			       &crew.workers[a]->actor.arrived, memory_order_relaxed) >>
			1 < line)
			spin_wait(&spins);
	if (atomic_load_explicit(&leader->arrived, memory_order_relaxed) == (line << 1 | 1))
		return false;
	self->waiting = false;
	for (uint32_t i = 0; i < shift; i++)
		spin_pause();
	return true;
}

/*
 * In a rehearsal, wait for the turn. Relaxed: who comes later is only that. It does not wait for
 * ever, since who comes first may need who comes next.
 */
static void turn_await(struct snarl_actor *self, uint64_t line)
{
	bool backwards = line % 2 == 0;
	unsigned last = crew.actors - 1, place = backwards ? last - self->index : self->index;
	struct snarl_actor *before;
	uint64_t until = clock_ns() + (uint64_t)crew.arm->turn_us * place * 1000;
	unsigned spins = 0;

	if (!place)
		return;
	before = &crew.workers[backwards ? self->index + 1 : self->index - 1]->actor;
	while (atomic_load_explicit(&before->left, memory_order_relaxed) < line &&
		clock_ns() < until)
		spin_wait(&spins);
}

/* The hot loop. */
static void batch_walk(struct worker *worker)
{
	struct snarl_actor *self = &worker->actor;
	void (*run)(void *, struct snarl_actor *) = scenario.actors[self->index].run;
	uint32_t shift = crew.shifts[self->index];
	const uint32_t *order = crew.order, count = crew.count, line_every = crew.line_every;
	const size_t stride = crew.stride, log_size = crew.log_size;
	const uint64_t first = crew.first;
	char *states = crew.states;
	const bool rehearsal = crew.arm->turn_us;
	uint32_t until_line = 0, i;
	uint64_t line = crew.lines;

	actor_self = self; /* from here on points inject: not in set-up, not in checks */
	for (i = 0; i < count; i++) {
		size_t at = order[i];

		if (until_line == 0) {
			if (!line_cross(self, ++line, shift))
				break;
			until_line = line_every;
		}
		until_line--;
		self->execution = first + i;
		if (log_size) {
			self->sequence = 0;
			self->log = log_at(self->index, (uint32_t)at);
			self->log->puts = self->log->takes = 0;
		}
		if (__builtin_expect(rehearsal, 0))
			turn_await(self, line);
		run(states + at * stride, self);
		inject_actor_over();
		if (__builtin_expect(rehearsal, 0))
			atomic_store_explicit(&self->left, line, memory_order_relaxed);
	}
	actor_self = NULL;
	self->waiting = true;
	worker->walked = i;
}

/* The set-up is done; by the last actor at the edge. */
static void batch_set_up(void)
{
	process_fork(crew.processes ? crew.actors : 0);
	if (crew.processes && !crew.forks && scenario.started)
		scenario.started(state_at(0));
}

/* All actors have been forked; by the last one at the edge. */
static void batch_started(void)
{
	if (scenario.started)
		scenario.started(state_at(0));
}

/* An actor as a process of its own; does not return. */
static void process_main(struct worker *worker, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127); /* it died before we asked to die with it */
	board_forked(worker->actor.name);
	wrap_signal_forked();
	batch_walk(worker);
	_exit(0);
}

/* How a process died that should have come to its end; nothing where a rule had it die. */
static void death_note(struct snarl_actor *actor, int status)
{
	if (actor->crashed_at || actor->died[0])
		return;
	if (WIFSIGNALED(status))
		actor_killed(actor, WTERMSIG(status));
	else if (WEXITSTATUS(status))
		snprintf(actor->died, sizeof actor->died, "exited with %d", WEXITSTATUS(status));
}

/* Until the actor's process is gone; one that stopped itself is to go on after a while. */
static void process_await(struct worker *worker, pid_t pid)
{
	int status;

	for (;;) {
		pid_t got = waitpid(pid, &status, WUNTRACED);

		if (got < 0 && errno != EINTR)
			event_fatal("an actor cannot be waited for: %s", strerror(errno));
		if (got < 0)
			continue;
		if (!WIFSTOPPED(status))
			break;
		if (!worker->actor.pause_us)
			continue; /* by a hand from outside, which will have it go on */
		clock_sleep_ns((uint64_t)worker->actor.pause_us * 1000);
		worker->actor.pause_us = 0;
		kill(pid, SIGCONT);
	}
	death_note(&worker->actor, status);
	/* Had it not come to the start line, the others would wait for it there. */
	if (atomic_load_explicit(&worker->actor.arrived, memory_order_relaxed) >> 1 <= crew.lines)
		atomic_store_explicit(
			&worker->actor.arrived, (crew.lines + 1) << 1, memory_order_relaxed);
}

static void *pretended_main(void *argument)
{
	struct worker *worker = argument;
	const stack_t stack = {.ss_sp = worker->signal_stack, .ss_size = SIGNAL_STACK};

	sigaltstack(&stack, NULL);
	prctl(PR_SET_TIMERSLACK, 1);
	pthread_setname_np(pthread_self(), worker->actor.name);
	board_join(worker->actor.name);
	batch_walk(worker);
	return NULL;
}

/* What passes for a process has a thread of its own, so that it can end before its time. */
static void pretended_run(struct worker *worker)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, pretended_main, worker);

	if (error)
		event_fatal("cannot start actor %s: %s", worker->actor.name, strerror(error));
	pthread_join(thread, NULL);
	process_end(worker->actor.index);
}

/* The one execution of a batch of processes. */
static void process_walk(struct worker *worker)
{
	struct snarl_actor *self = &worker->actor;
	pid_t parent = getpid(), pid;

	self->crashed_at = NULL;
	self->died[0] = '\0';
	worker->walked = 1;
	if (!crew.forks) {
		pretended_run(worker);
	} else {
		pid = fork();
		if (pid < 0)
			event_fatal("cannot fork actor %s: %s", self->name, strerror(errno));
		if (pid == 0)
			process_main(worker, parent);
		edge_cross(batch_started);
		process_await(worker, pid);
	}
	self->waiting = true;
}

static void order_make(void)
{
	if (crew.ordered == crew.count && crew.order_age++ < ORDER_AGE_MAX)
		return;
	for (uint32_t i = 0; i < crew.count; i++)
		crew.order[i] = i;
	for (uint32_t i = crew.arm->shuffled ? crew.count : 0; i > 1; i--) {
		uint32_t k = (uint32_t)prng_below(&crew.choice, i);
		uint32_t swap = crew.order[i - 1];

		crew.order[i - 1] = crew.order[k];
		crew.order[k] = swap;
	}
	for (uint32_t i = 0; i < crew.count; i++)
		crew.rank[crew.order[i]] = i;
	crew.ordered = crew.count;
	crew.order_age = 0;
}

/* Executions in a nanosecond; a rehearsal is for the first time alone. */
static double arm_speed(unsigned arm)
{
	if (crew.config->arms[arm].turn_us)
		return 0;
	return crew.records[arm].executions / (crew.records[arm].ns + 1);
}

/* An arm by chance, the faster the likelier: while nothing fails, executions are what counts. */
static unsigned arm_by_speed(void)
{
	double all = 0, at;
	unsigned last = crew.config->arm_count - 1;

	for (unsigned i = 0; i <= last; i++)
		all += arm_speed(i);
	at = (double)(prng_next(&crew.choice) >> 11) * 0x1p-53 * all;
	for (unsigned i = 0; i < last; i++) {
		at -= arm_speed(i);
		if (at < 0)
			return i;
	}
	return last;
}

/* The arm that fails most a second of late; the number of arms while none has failed. */
static unsigned arm_best(void)
{
	unsigned best = crew.config->arm_count;
	double best_rate = 0;

	for (unsigned i = 0; i < crew.config->arm_count; i++) {
		double rate = crew.records[i].failures / (crew.records[i].ns + 1);

		if (crew.config->arms[i].turn_us)
			continue;
		if (rate > best_rate) {
			best_rate = rate;
			best = i;
		}
	}
	return best;
}

/* Failures are what we are after; now and then a look whether another arm does better by now. */
static unsigned arm_choose(unsigned best)
{
	unsigned count = crew.config->arm_count;

	if (crew.config->plan->arm != PLAN_ARM_AUTO)
		return (unsigned)crew.config->plan->arm % count;
	for (unsigned i = 0; i < count; i++)
		if (crew.records[i].batches < (crew.config->arms[i].turn_us ? 1 : TRIALS))
			return i;
	if (best < count && crew.explored_ns * 100 >= crew.explored_of_ns * EXPLORE_PERCENT)
		return best;
	return arm_by_speed();
}

static size_t round_up(size_t size, size_t to)
{
	return (size + to - 1) / to * to;
}

static uint32_t states_fit(size_t stride)
{
	size_t bytes = stride + crew.actors * crew.log_size;

	return (uint32_t)(STATES_BYTES_MAX / bytes > 0 ? STATES_BYTES_MAX / bytes : 1);
}

static size_t arm_stride(const struct arm *arm)
{
	size_t size = scenario.state_size ? scenario.state_size : 1;

	/* A size is a multiple of its alignment: packed states need no gaps. */
	return arm->padded ? round_up(size, LINE) : size;
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* Decide about the next batch; by the last actor at the edge. */
static void batch_prepare(void)
{
	const struct plan *plan = crew.config->plan;
	unsigned best = arm_best(), choice = arm_choose(best);
	struct arm_record *record = &crew.records[choice];

	if (crew.arm != &crew.config->arms[choice])
		crew.ordered = 0;
	crew.arm = &crew.config->arms[choice];
	crew.exploring = choice != best;
	crew.line_every = crew.arm->line_every;
	/*
	 * Limit how far actors may run ahead; otherwise the signal that explains a lost wakeup is
	 * overwritten in the ring before the parent reads it.
	 */
	if (board_here && (crew.first == plan->first || board_any_signal()))
		crew.line_every = least(crew.line_every, BOARD_AHEAD_MAX);
	crew.stride = arm_stride(crew.arm);
	crew.count = record->count ? record->count : STATES_FIRST;
	crew.count = crew.processes ? 1 : crew.arm->turn_us ? REHEARSALS : crew.count;
	crew.count = least(crew.count, least(crew.arm->states_max, states_fit(crew.stride)));
	if (plan->executions && plan->executions - (crew.first - plan->first) < crew.count)
		crew.count = (uint32_t)(plan->executions - (crew.first - plan->first));
	for (unsigned a = 0; a < crew.actors; a++)
		crew.shifts[a] = (uint32_t)prng_below(&crew.choice, crew.arm->shift_max + 1);
	order_make();
	if (board_here) {
		board_here->states = (uintptr_t)crew.states;
		board_here->stride = crew.stride;
		board_here->count = crew.count;
	}
	crew.batch_began_ns = clock_ns();
}

/*
 * Zeroed, and shared with the processes that are forked, if any are. Most of it is never touched by
 * a case that ends soon.
 */
static void *pages_alloc(size_t bytes)
{
	void *memory = mmap(NULL, round_up(bytes ? bytes : 1, PAGE), PROT_READ | PROT_WRITE,
		(crew.forks ? MAP_SHARED : MAP_PRIVATE) | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		event_fatal("out of memory for %zu bytes of states", bytes);
	return memory;
}

/* The state of the lowest failing execution of the first batch that failed. */
static void failed_state_keep(void)
{
	uint64_t lowest = UINT64_MAX;

	if (crew.failed_state)
		return;
	for (unsigned a = 0; a < crew.actors; a++) {
		if (crew.workers[a]->failed_execution >= lowest)
			continue;
		lowest = crew.workers[a]->failed_execution;
		crew.failed_state = crew.workers[a]->failed;
	}
	/* It stays as it is: the worker gets another to copy into. */
	for (unsigned a = 0; a < crew.actors; a++)
		if (crew.workers[a]->failed == crew.failed_state)
			crew.workers[a]->failed = pages_alloc(scenario.state_size);
	crew.failing_arm = (unsigned)(crew.arm - crew.config->arms);
	crew.batch_first = crew.first;
}

/* Take stock of the batch that is over; by the last actor at the edge. */
static void batch_finish(void)
{
	const struct plan *plan = crew.config->plan;
	struct arm_record *record = &crew.records[crew.arm - crew.config->arms];
	uint64_t now = clock_ns(), took = now - crew.batch_began_ns, failures = 0, each;
	uint32_t walked = crew.workers[0]->walked;

	for (unsigned a = 0; a < crew.actors; a++)
		failures += crew.workers[a]->batch_failures;
	if (failures)
		failed_state_keep();
	crew.failures += failures;
	record->batches++;
	crew.explored_of_ns += (double)took;
	crew.explored_ns += crew.exploring ? (double)took : 0;
	record->executions = record->executions / 2 + walked;
	record->failures = record->failures / 2 + (double)failures;
	record->ns = record->ns / 2 + (double)took;
	each = took / (walked + 1) + 1;
	record->count = (uint32_t)(BATCH_NS / each < UINT32_MAX ? BATCH_NS / each + 1 : UINT32_MAX);
	/* Grow by steps: the first batch is no measure of the thousandth. */
	record->count = least(record->count, crew.count * 8);
	crew.first += walked;
	crew.lines += (crew.count + crew.line_every - 1) / crew.line_every;
	crew.over = (plan->executions && crew.first - plan->first >= plan->executions) ||
		    now - crew.began_ns >= (uint64_t)plan->budget_ms * 1000000 ||
		    (!crew.failures && effort_made(&plan->effort, crew.first - plan->first,
					       now - crew.began_ns)) ||
		    (crew.config->enough && crew.config->enough(crew.failures));
}

/*
 * By the last actor at the first edge: all of the harness's threads and handlers are there, and no
 * others.
 */
static void board_baseline(void)
{
	DIR *tasks = board_here ? opendir("/proc/self/task") : NULL;
	struct dirent *task;
	unsigned count = 0;

	while (tasks && (task = readdir(tasks)))
		count += task->d_name[0] != '.';
	if (!tasks)
		return;
	/*
	 * With process isolation the board has one entry per actor process; the worker threads that
	 * wait for those processes are not entered.
	 */
	board_here->threads_own = count - (crew.processes ? 0 : crew.actors);
	closedir(tasks);
	board_here->handlers_own = board_handlers("/proc/self/status");
}

static void *worker_main(void *argument)
{
	struct worker *worker = argument;
	const stack_t stack = {.ss_sp = worker->signal_stack, .ss_size = SIGNAL_STACK};
	const struct arm *placed = NULL;
	cpu_set_t all;

	sched_getaffinity(0, sizeof all, &all);
	pthread_setname_np(pthread_self(), worker->actor.name);
	/*
	 * A worker that only forks and reaps an actor process cannot itself be stuck, so it stays
	 * off the board.
	 */
	if (crew.processes)
		board_left_out = true;
	else
		board_join(worker->actor.name);
	sigaltstack(&stack, NULL);   /* where the crash handler stands when this one is full */
	prctl(PR_SET_TIMERSLACK, 1); /* injected sleeps of microseconds, not of 50 more */
	edge_cross(board_baseline);
	for (;;) {
		edge_cross(batch_prepare);
		if (crew.arm != placed)
			worker_place(worker, &all);
		placed = crew.arm;
		share_setup(worker);
		edge_cross(batch_set_up);
		if (crew.processes)
			process_walk(worker);
		else
			batch_walk(worker);
		edge_cross(NULL);
		share_check(worker);
		edge_cross(batch_finish);
		if (crew.over)
			break;
	}
	if (atomic_fetch_sub(&crew.running, 1) == 1)
		sem_post(&crew.over_for_all);
	return NULL;
}

/* Room for the largest batch of any arm. */
static void states_alloc(void)
{
	size_t states_bytes = 0, order = 0;

	for (unsigned i = 0; i < crew.config->arm_count; i++) {
		const struct arm *arm = &crew.config->arms[i];
		size_t stride = arm_stride(arm);
		uint32_t count = least(arm->states_max, states_fit(stride));

		if (count * stride > states_bytes)
			states_bytes = count * stride;
		if (count > order)
			order = count;
	}
	crew.states = pages_alloc(states_bytes);
	crew.order = pages_alloc(order * sizeof *crew.order);
	crew.rank = pages_alloc(order * sizeof *crew.rank);
	for (unsigned a = 0; crew.log_size && a < crew.actors; a++)
		crew.logs[a] = pages_alloc(order * crew.log_size);
}

static void crew_start(void)
{
	for (unsigned a = 0; a < crew.actors; a++) {
		struct worker *worker = pages_alloc(sizeof *worker);

		worker->actor.index = a;
		worker->actor.name = scenario.actors[a].name;
		worker->actor.seed = crew.config->plan->seed;
		worker->actor.stream_execution = UINT64_MAX;
		worker->actor.execution = crew.config->plan->first - 1; /* none yet */
		worker->failed = pages_alloc(scenario.state_size);
		worker->signal_stack = pages_alloc(SIGNAL_STACK);
		crew.workers[a] = worker;
	}
	atomic_store(&crew.running, crew.actors);
	sem_init(&crew.over_for_all, 0, 0);
	for (unsigned a = 0; a < crew.actors; a++) {
		struct worker *worker = crew.workers[a];
		int error = pthread_create(&worker->thread, NULL, worker_main, worker);

		if (error)
			event_fatal(
				"cannot start actor %s: %s", worker->actor.name, strerror(error));
	}
}

/*
 * Send a snapshot of the counts before a possible hang. Checks only run between batches, so the
 * counts are stable while an actor is still running; if it finishes after all, a later event
 * replaces this one.
 */
static void crew_so_far(void)
{
	static struct histogram histogram;
	struct snarl_actor *actors[SNARL_ACTORS_MAX] = {NULL};

	memset(&histogram, 0, sizeof histogram);
	if (crew.config->look)
		crew.config->look(true);
	for (unsigned a = 0; a < crew.actors; a++) {
		histogram_merge(&histogram, &crew.workers[a]->histogram);
		actors[a] = &crew.workers[a]->actor;
	}
	if (crew.config->look)
		crew.config->look(false);
	so_far_tell(crew.config->plan, &histogram, actors, crew.actors);
}

/* Until the next look, or the end. */
static void watch_wait(long ns)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += ns;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	sem_timedwait(&crew.over_for_all, &until);
}

/* Tell the parent how far each actor has come, when any has: its silence is what a hang is. */
static void crew_watch(void)
{
	uint64_t last = UINT64_MAX;
	unsigned quiet = 0;

	while (atomic_load(&crew.running)) {
		json_t *at = json_array(), *waiting = json_array();
		uint64_t sum = 0;
		bool busy = false;

		for (unsigned a = 0; a < crew.actors; a++) {
			const struct snarl_actor *actor = &crew.workers[a]->actor;
			uint64_t execution = actor->execution;

			/* A wait that has begun is progress too: it says whom the others wait for.
			 */
			sum += 2 * execution + actor->waiting;
			busy |= !actor->waiting;
			json_array_append_new(at, json_integer((json_int_t)execution));
			json_array_append_new(waiting, json_boolean(actor->waiting));
		}
		if (sum != last)
			event_write(
				"progress", json_pack("{s:O, s:O}", "at", at, "waiting", waiting));
		json_decref(at);
		json_decref(waiting);
		quiet = sum == last ? quiet + 1 : 0;
		if (quiet == QUIET_LOOKS && busy)
			crew_so_far();
		last = sum;
		if (crew.config->tell)
			crew.config->tell();
		if (clock_ns() - crew.began_ns >= (uint64_t)crew.config->plan->budget_ms * 1000000)
			atomic_store_explicit(&crew.hurry, true, memory_order_relaxed);
		watch_wait(quiet ? WATCH_QUIET_NS : WATCH_NS);
	}
}

void batch_run(const struct batch_config *config, struct batch_result *result,
	struct snarl_actor *actors[SNARL_ACTORS_MAX])
{
	memset(result, 0, sizeof *result);
	crew.config = config;
	crew.processes = scenario.isolation == SNARL_PROCESSES;
	crew.forks = crew.processes && config->forks;
	if (crew.processes)
		process_open(!crew.forks);
	crew.actors = batch_actor_count();
	crew.cpus = cpu_count();
	crew.spins = crew.cpus == 1 ? 0 : crew.cpus < crew.actors ? SPINS_SHARED : SPINS_ALONE;
	crew.log_size = scenario.ledger_items ? round_up(ledger_log_size(), 16) : 0;
	crew.choice = prng_stream(config->plan->seed, config->plan->first + SNARL_ACTORS_MAX);
	crew.first = config->plan->first;
	states_alloc();
	crew.began_ns = clock_ns();
	crew_start();
	crew_watch();
	result->seconds = (double)(clock_ns() - crew.began_ns) * 1e-9;
	for (unsigned a = 0; a < crew.actors; a++) {
		pthread_join(crew.workers[a]->thread, NULL);
		histogram_merge(&result->histogram, &crew.workers[a]->histogram);
		actors[a] = &crew.workers[a]->actor;
	}
	result->arm = crew.failing_arm;
	result->batch_first = crew.batch_first;
	result->failed_state = crew.failed_state;
}
