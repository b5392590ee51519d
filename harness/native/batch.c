/* batch.c - persistent actors that run batches of states. */
#define _GNU_SOURCE
#include "batch.h"

#include <dirent.h>
#include <jansson.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/prctl.h>

#include "activity.h"
#include "cpus.h"
#include "edge.h"
#include "workers.h"
#include "event.h"
#include "globals.h"
#include "inject.h"
#include "keys.h"
#include "prng.h"
#include "process.h"
#include "surroundings.h"
#include "emit.h"

enum {
	/*
	 * A millisecond if each actor has a CPU: the others are soon back, even on a busy machine,
	 * and an actor that yields loses the rest of its time slice. Much less if actors have to
	 * share.
	 */
	SPINS_ALONE = 20000,
	SPINS_SHARED = 500,
	WATCH_NS = 10 * 1000 * 1000,	  /* the main thread looks this often, */
	WATCH_QUIET_NS = 5 * 1000 * 1000, /* and this often while no actor moves */
	QUIET_LOOKS = 2,    /* without progress; then the counts are sent, since it may hang */
	ORDER_AGE_MAX = 64, /* batches with one order: making one costs as much as a batch */
	REHEARSALS = 2,	    /* one in each order */
	/* Nobody will join them: more than a set-up may create to live as long as the case. */
	UNJOINED_MAX = 256,
	STRAGGLERS_MS = 20,
	STRAGGLERS_GIVEN_UP = 16, /* batches after which some still lived */
};

/* The `nth` CPU of a set. */
static int cpu_nth(const cpu_set_t *set, unsigned nth)
{
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, set) && nth-- == 0)
			return cpu;
	return 0;
}

static void worker_place(struct worker *worker)
{
	cpu_set_t one;

	if (workers.arm == worker->placed)
		return;
	worker->placed = workers.arm;
	if (!workers.arm->pinned || workers.cpus < workers.actors) {
		pthread_setaffinity_np(worker->thread, sizeof one, &workers.allowed);
		return;
	}
	CPU_ZERO(&one);
	CPU_SET(cpu_nth(&workers.allowed, worker->actor.index), &one);
	pthread_setaffinity_np(worker->thread, sizeof one, &one);
}

/* This worker's partition of the batch's states. */
static void partition_of(const struct worker *worker, uint32_t *from, uint32_t *to)
{
	*from = (uint32_t)((uint64_t)workers.count * worker->actor.index / workers.actors);
	*to = (uint32_t)((uint64_t)workers.count * (worker->actor.index + 1) / workers.actors);
}

/* The worker begins with a phase between executions, or ends it: NULL. */
static void phase_set(struct worker *worker, const char *phase)
{
	worker->phase = phase;
	activity_between(phase);
}

/* A detector would see memset: a detached thread of an earlier execution may still write there. */
static void states_zero(uint32_t from, uint32_t to)
{
	size_t bytes = (size_t)(to - from) * workers.stride;
	volatile unsigned char *at = state_at(from);

	if (!workers.config->look) {
		memset(state_at(from), 0, bytes);
		return;
	}
	for (size_t i = 0; i < bytes; i++)
		at[i] = 0;
}

static void partition_setup(struct worker *worker)
{
	uint32_t from, to;

	partition_of(worker, &from, &to);
	phase_set(worker, "set-up");
	states_zero(from, to);
	for (uint32_t i = from; scenario.setup && i < to; i++) {
		oracle_set_up(state_at(i));
		worker->phase_progress++;
	}
	phase_set(worker, NULL);
}

static void state_check(struct worker *worker, struct snarl_actor *const *actors, uint32_t index)
{
	uint64_t execution = workers.first + workers.rank[index];
	const struct outcome *outcome;

	for (unsigned a = 0; workers.log_size && a < workers.actors; a++)
		worker->logs[a] = log_at(a, index);
	if (workers.config->look)
		workers.config->look(true); /* a detached thread may still run */
	outcome = oracle_check(state_at(index), actors, worker->logs);
	/* Copied before the teardown, for the report. */
	if (outcome->kinds && execution < worker->failed_execution) {
		worker->failed_execution = execution;
		memcpy(worker->failed, state_at(index), scenario.state_size);
	}
	if (workers.config->look)
		workers.config->look(false);
	histogram_add(&worker->histogram, outcome, execution);
}

/* In memory order, which is cheap; an execution's number is its position among the visits. */
static void partition_check(struct worker *worker)
{
	struct snarl_actor *actors[SNARL_ACTORS_MAX] = {NULL};
	uint64_t failures = worker->histogram.failures;
	uint32_t from, to;

	for (unsigned a = 0; a < workers.actors; a++)
		actors[a] = &workers.each[a]->actor;
	worker->failed_execution = UINT64_MAX;
	partition_of(worker, &from, &to);
	phase_set(worker, "check");
	for (uint32_t i = from; i < to; i++) {
		if (workers.rank[i] < worker->walked) /* a batch may be cut short */
			state_check(worker, actors, i);
		if (scenario.teardown)
			scenario.teardown(state_at(i));
		if (workers.processes)
			process_sweep();
		worker->phase_progress++;
	}
	phase_set(worker, NULL);
	worker->batch_failures = worker->histogram.failures - failures;
}

/* After the set-up; run by the last actor at the barrier. */
static void batch_set_up(void)
{
	process_fork(workers.processes ? workers.actors : 0);
	if (workers.processes && !workers.forks && scenario.started)
		scenario.started(state_at(0));
}

static void order_make(void)
{
	if (workers.ordered == workers.count && workers.order_age++ < ORDER_AGE_MAX)
		return;
	for (uint32_t i = 0; i < workers.count; i++)
		workers.order[i] = i;
	for (uint32_t i = workers.arm->shuffled ? workers.count : 0; i > 1; i--) {
		uint32_t k = (uint32_t)prng_below(&workers.choice, i);
		uint32_t swap = workers.order[i - 1];

		workers.order[i - 1] = workers.order[k];
		workers.order[k] = swap;
	}
	for (uint32_t i = 0; i < workers.count; i++)
		workers.rank[workers.order[i]] = i;
	workers.ordered = workers.count;
	workers.order_age = 0;
}

/* Choose the settings of the next batch; run by the last actor at the barrier. */
static void batch_prepare(void)
{
	const struct plan *plan = workers.config->plan;
	unsigned best = arm_best(), choice = arm_choose(best);
	struct arm_record *record = &workers.records[choice];

	if (workers.arm != &workers.config->arms[choice])
		workers.ordered = 0;
	workers.arm = &workers.config->arms[choice];
	workers.exploring = choice != best;
	workers.line_every = workers.arm->line_every;
	/*
	 * Limit how far actors may run ahead; otherwise the signal that explains a lost wakeup is
	 * overwritten in the ring before the parent reads it.
	 */
	if (activity_current && (workers.first == plan->first || activity_any_signal()))
		workers.line_every = least(workers.line_every, ACTIVITY_AHEAD_MAX);
	workers.stride = arm_stride(workers.arm);
	if (workers.config->renews && workers.config->renews())
		states_renew();
	workers.count = record->count ? record->count : arm_count_first();
	workers.count = workers.single ? 1 : workers.arm->turn_us ? REHEARSALS : workers.count;
	workers.count =
		least(workers.count, least(workers.arm->states_max, states_fit(workers.stride)));
	if (plan->executions && plan->executions - (workers.first - plan->first) < workers.count)
		workers.count = (uint32_t)(plan->executions - (workers.first - plan->first));
	for (unsigned a = 0; a < workers.actors; a++)
		workers.shifts[a] =
			(uint32_t)prng_below(&workers.choice, workers.arm->shift_max + 1);
	order_make();
	if (activity_current) {
		activity_current->states = (uintptr_t)workers.states;
		activity_current->stride = workers.stride;
		activity_current->count = workers.count;
	}
	workers.batch_began_ns = clock_ns();
}

/* The state of the lowest failing execution of the first batch that failed. */
static void failed_state_keep(void)
{
	uint64_t lowest = UINT64_MAX;

	if (workers.failed_state)
		return;
	for (unsigned a = 0; a < workers.actors; a++) {
		if (workers.each[a]->failed_execution >= lowest)
			continue;
		lowest = workers.each[a]->failed_execution;
		workers.failed_state = workers.each[a]->failed;
	}
	/* That buffer is kept: the worker gets another to copy into. */
	for (unsigned a = 0; a < workers.actors; a++)
		if (workers.each[a]->failed == workers.failed_state)
			workers.each[a]->failed = pages_alloc(scenario.state_size);
	workers.failing_arm = (unsigned)(workers.arm - workers.config->arms);
	workers.batch_first = workers.first;
}

/*
 * Threads that the actors have created and not joined may still write to the states of their batch:
 * wait for them, or let those be theirs. A few may live as long as the case.
 */
static void stragglers_await(void)
{
	static unsigned given_up;

	if (workers.processes || given_up == STRAGGLERS_GIVEN_UP)
		return;
	for (unsigned ms = 0; actor_threads_live && ms < STRAGGLERS_MS; ms++)
		clock_sleep_ns(1000 * 1000);
	edge_take((void *)&actor_threads_live); /* a detached thread has no other edge at its end */
	if (!actor_threads_live)
		return;
	given_up++;
	workers.states = pages_alloc(workers.states_bytes);
}

/* Evaluate the batch that ended; run by the last actor at the barrier. */
static void batch_finish(void)
{
	const struct plan *plan = workers.config->plan;
	uint64_t now = clock_ns(), took = now - workers.batch_began_ns, failures = 0;
	uint32_t walked = workers.each[0]->walked;

	for (unsigned a = 0; a < workers.actors; a++)
		failures += workers.each[a]->batch_failures;
	if (failures)
		failed_state_keep();
	workers.failures += failures;
	arm_learn(walked, failures, took);
	workers.first += walked;
	workers.lines += (workers.count + workers.line_every - 1) / workers.line_every;
	stragglers_await();
	if (surroundings_change())
		surroundings_restore();
	globals_restore();
	if (globals_size())
		keys_delete();
	/* The threads of a process end with it. */
	if (!workers.processes && !oracle_threads_leaked && actor_threads_unjoined >= UNJOINED_MAX)
		oracle_threads_leaked = actor_threads_unjoined;
	workers.over = (plan->executions && workers.first - plan->first >= plan->executions) ||
		       now - workers.began_ns >= (uint64_t)plan->budget_ms * 1000000 ||
		       (!workers.failures && effort_made(&plan->effort, workers.first - plan->first,
						     now - workers.began_ns)) ||
		       (workers.config->enough && workers.config->enough(workers.failures)) ||
		       (globals_size() && surroundings_memory_spent());
}

/*
 * Run by the last actor at the first barrier, when all of the harness's threads and handlers exist,
 * and no others.
 */
static void activity_baseline(void)
{
	DIR *tasks = activity_current ? opendir("/proc/self/task") : NULL;
	struct dirent *task;
	unsigned count = 0;

	while (tasks && (task = readdir(tasks)))
		count += task->d_name[0] != '.';
	if (workers.before)
		count++; /* the process that waits for this one */
	if (!tasks)
		return;
	/*
	 * With process isolation the activity table has one entry per actor process; the worker
	 * threads that wait for those processes are not entered.
	 */
	activity_current->threads_own = count - (workers.processes ? 0 : workers.actors);
	closedir(tasks);
	activity_current->handlers_own = activity_handlers("/proc/self/status");
}

static void *worker_resume(void *argument);

/*
 * An actor has ended its thread, by pthread_exit or because it was cancelled, which ends the actor
 * and nothing else: another thread continues with the next execution. This one unwinds to its end.
 */
static void worker_replace(void *argument)
{
	struct worker *worker = argument;
	int error;

	inject_actor_over();
	worker->from = (uint32_t)(worker->actor.execution + 1 - workers.first);
	worker->ended = pthread_self();
	worker->entry = activity_hand_over();
	error = pthread_create(&worker->thread, NULL, worker_resume, worker);
	if (error)
		event_fatal("cannot restart actor %s: %s", worker->actor.name, strerror(error));
}

/* Walk the batch; only in there may the thread be cancelled. */
static void worker_walk(struct worker *worker)
{
	pthread_cleanup_push(worker_replace, worker);
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	batch_walk(worker);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	pthread_cleanup_pop(0);
	worker->from = 0;
}

static void batch_begin(struct worker *worker)
{
	barrier_cross(batch_prepare);
	worker_place(worker);
	partition_setup(worker);
	barrier_cross(batch_set_up);
}

/* From where the worker is in the first batch to the end. */
static void worker_run(struct worker *worker)
{
	for (;;) {
		if (workers.processes)
			process_walk(worker);
		else
			worker_walk(worker);
		barrier_cross(NULL);
		partition_check(worker);
		barrier_cross(batch_finish);
		if (workers.over)
			break;
		batch_begin(worker);
	}
	if (atomic_fetch_sub(&workers.running, 1) == 1)
		sem_post(&workers.over_for_all);
}

static void worker_settle(struct worker *worker)
{
	const stack_t stack = {.ss_sp = worker->signal_stack, .ss_size = SIGNAL_STACK};

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	pthread_setname_np(pthread_self(), worker->actor.name);
	sigaltstack(&stack, NULL);   /* for the crash handler, if this stack is full */
	prctl(PR_SET_TIMERSLACK, 1); /* so that injected sleeps do not take 50 us more */
}

/* The thread that follows one which an actor has ended. */
static void *worker_resume(void *argument)
{
	struct worker *worker = argument;

	activity_take_over(worker->entry);
	pthread_join(worker->ended, NULL);
	worker_settle(worker);
	worker_run(worker);
	return NULL;
}

static void *worker_main(void *argument)
{
	struct worker *worker = argument;

	/*
	 * A worker that only forks and reaps an actor process cannot itself be stuck, so it stays
	 * off the activity table.
	 */
	if (workers.processes)
		activity_left_out = true;
	else
		activity_join(worker->actor.name);
	worker_settle(worker);
	barrier_cross(activity_baseline);
	batch_begin(worker);
	worker_run(worker);
	return NULL;
}

static void workers_start(void)
{
	for (unsigned a = 0; a < workers.actors; a++) {
		struct worker *worker = pages_alloc(sizeof *worker);

		worker->actor.index = a;
		worker->actor.name = scenario.actors[a].name;
		worker->actor.seed = workers.config->plan->seed;
		worker->actor.stream_execution = UINT64_MAX;
		worker->actor.execution = workers.config->plan->first - 1; /* none yet */
		worker->actor.waiting = true;
		worker->failed = pages_alloc(scenario.state_size);
		worker->signal_stack = pages_alloc(SIGNAL_STACK);
		workers.each[a] = worker;
	}
	atomic_store(&workers.running, workers.actors);
	sem_init(&workers.over_for_all, 0, 0);
	for (unsigned a = 0; a < workers.actors; a++) {
		struct worker *worker = workers.each[a];
		int error = pthread_create(&worker->thread, NULL, worker_main, worker);

		if (error)
			event_fatal(
				"cannot start actor %s: %s", worker->actor.name, strerror(error));
	}
}

/* Leave signals to the actors: one for the whole process would come to this thread first. */
static void signals_leave(void)
{
	static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP};
	sigset_t others;

	sigfillset(&others);
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		sigdelset(&others, own[i]);
	pthread_sigmask(SIG_BLOCK, &others, NULL);
}

/*
 * Send a snapshot of the counts before a possible hang. Checks only run between batches, so the
 * counts are stable while an actor is still running; if it finishes after all, a later event
 * replaces this one.
 */
static void snapshot_write(void)
{
	static struct histogram histogram;
	struct snarl_actor *actors[SNARL_ACTORS_MAX] = {NULL};

	memset(&histogram, 0, sizeof histogram);
	if (workers.before)
		histogram_merge(&histogram, workers.before);
	if (workers.config->look)
		workers.config->look(true);
	for (unsigned a = 0; a < workers.actors; a++) {
		histogram_merge(&histogram, &workers.each[a]->histogram);
		actors[a] = &workers.each[a]->actor;
	}
	if (workers.config->look)
		workers.config->look(false);
	snapshot_emit(workers.config->plan, &histogram, actors, workers.actors);
}

/* Wait until the next look, or the end. */
static void watch_wait(long ns)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += ns;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	sem_timedwait(&workers.over_for_all, &until);
}

/* Report to the parent how far each actor has come, if any has moved: silence means a hang. */
static void workers_watch(void)
{
	uint64_t last = workers.before ? 0 : UINT64_MAX; /* most fresh processes end at once */
	const char *last_phase = NULL;
	unsigned quiet = 0;
	bool heard = false;

	while (atomic_load(&workers.running)) {
		json_t *at = json_array(), *waiting = json_array();
		const char *phase = NULL;
		uint64_t sum = 0;
		bool busy = false;

		for (unsigned a = 0; a < workers.actors; a++) {
			const struct snarl_actor *actor = &workers.each[a]->actor;
			uint64_t execution = actor->execution;

			/*
			 * A wait that has begun is progress too: it shows for which actor the
			 * others wait.
			 */
			sum += 2 * execution + actor->waiting + workers.each[a]->phase_progress;
			phase = phase ? phase : workers.each[a]->phase;
			busy |= !actor->waiting;
			json_array_append_new(at, json_integer((json_int_t)execution));
			json_array_append_new(waiting, json_boolean(actor->waiting));
		}
		quiet = sum == last ? quiet + 1 : 0;
		/* One that hangs in the very first execution has not moved at all. */
		if (!quiet || phase != last_phase || (quiet == QUIET_LOOKS && !heard)) {
			event_write("progress", json_pack("{s:O, s:O, s:s?}", "at", at, "waiting",
							waiting, "phase", phase));
			heard = true;
		}
		json_decref(at);
		json_decref(waiting);
		if (quiet == QUIET_LOOKS && busy)
			snapshot_write();
		last = sum;
		last_phase = phase;
		if (workers.config->tell)
			workers.config->tell();
		if (clock_ns() - workers.began_ns >=
			(uint64_t)workers.config->plan->budget_ms * 1000000)
			atomic_store_explicit(&workers.stop_requested, true, memory_order_relaxed);
		watch_wait(quiet ? WATCH_QUIET_NS : WATCH_NS);
	}
}

void batch_run_here(const struct batch_config *config, struct batch_result *result,
	struct snarl_actor *actors[SNARL_ACTORS_MAX])
{
	memset(result, 0, sizeof *result);
	workers.config = config;
	workers.processes = scenario.isolation == SNARL_PROCESSES;
	workers.forks = workers.processes && config->forks;
	workers.single = workers.processes || surroundings_change() || globals_size();
	if (surroundings_change())
		surroundings_keep();
	globals_keep();
	keys_keep();
	if (workers.processes)
		process_open(config->plan, !workers.forks);
	workers.actors = batch_actor_count();
	workers.cpus = cpu_count();
	sched_getaffinity(0, sizeof workers.allowed, &workers.allowed);
	workers.spins = workers.cpus == 1		? 0
			: workers.cpus < workers.actors ? SPINS_SHARED
							: SPINS_ALONE;
	workers.log_size = scenario.ledger_items ? round_up(ledger_log_size(), 16) : 0;
	workers.choice = prng_stream(config->plan->seed, config->plan->first + SNARL_ACTORS_MAX);
	workers.first = config->plan->first;
	states_alloc();
	workers.began_ns = clock_ns();
	workers_start();
	signals_leave();
	workers_watch();
	result->seconds = (double)(clock_ns() - workers.began_ns) * 1e-9;
	for (unsigned a = 0; a < workers.actors; a++) {
		pthread_join(workers.each[a]->thread, NULL);
		histogram_merge(&result->histogram, &workers.each[a]->histogram);
		actors[a] = &workers.each[a]->actor;
	}
	result->arm = workers.failing_arm;
	result->batch_first = workers.batch_first;
	result->failed_state = workers.failed_state;
}
