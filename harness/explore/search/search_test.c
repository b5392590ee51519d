/*
 * search_test.c - small programs with schedules that can be counted by hand, run with the engine as
 * a library. The programs call hooks and models as instrumented code does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "clock.h"
#include "machine.h"
#include "sanitized.h"
#include "object.h"
#include "search.h"
#include "snarl.h"
#include "strategies.h"

/* Other parts that the engine is linked with need one. */
const struct snarl_scenario scenario;

void __tsan_read4(const void *address);
void __tsan_write4(const void *address);
uint32_t __tsan_atomic32_load(const volatile uint32_t *address, int order);
void __tsan_atomic32_store(volatile uint32_t *address, uint32_t value, int order);
uint32_t __tsan_atomic32_fetch_add(volatile uint32_t *address, uint32_t value, int order);
int snarl_model_pthread_mutex_lock(pthread_mutex_t *mutex);
int snarl_model_pthread_mutex_unlock(pthread_mutex_t *mutex);
int snarl_model_pthread_cond_wait(pthread_cond_t *condition, pthread_mutex_t *mutex);
int snarl_model_pthread_cond_signal(pthread_cond_t *condition);

enum { ACTORS = 4, SEEDS = 20, REPLAYS = 100, ANY_PREEMPTIONS = 1000 };

static const uint64_t BUDGET_NS = 60ull * 1000 * 1000 * 1000; /* never reached */

/* State that the actors of all programs share, and state that is private to an actor. */
static struct shared {
	uint32_t counter, flag, wanted, payload;
	struct {
		uint32_t steps; /* left to do */
		uint32_t mine;
	} actor[ACTORS];
	pthread_mutex_t lock, other_lock;
	pthread_cond_t changed;
} shared;

static uint32_t load(const uint32_t *from)
{
	__tsan_read4(from);
	return *(const volatile uint32_t *)from;
}

static void store(uint32_t *to, uint32_t value)
{
	__tsan_write4(to);
	*(volatile uint32_t *)to = value;
}

/* --- programs ------------------------------------------------------------------------------ */

static struct problem {
	unsigned actors;
	void (*run[ACTORS])(void *argument);
	uint32_t steps[ACTORS];	  /* of count_down */
	unsigned (*broken)(void); /* kinds of failure; NULL: none is possible */
} const *problem;

static void problem_begin(uint64_t execution)
{
	static const char *const names[ACTORS] = {"alice", "bob", "carol", "dave"};

	(void)execution;
	shared = (struct shared){
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.other_lock = PTHREAD_MUTEX_INITIALIZER,
		.changed = PTHREAD_COND_INITIALIZER,
	};
	for (unsigned i = 0; i < problem->actors; i++) {
		shared.actor[i].steps = problem->steps[i];
		actor_add(names[i], problem->run[i], &shared.actor[i]);
	}
}

static const struct outcome *problem_end(void)
{
	static struct outcome outcome;

	outcome = (struct outcome){.count = 1, .values = {{"counter", shared.counter}}};
	outcome.kinds = outcome.first = problem->broken ? problem->broken() : SNARL_NO_BUG;
	return &outcome;
}

static bool problem_pause(uint64_t executions)
{
	(void)executions;
	return false;
}

static const struct program program = {problem_begin, problem_end, problem_pause};

static struct search_result result;

static struct strategy strategy;

static struct search search_of(const struct problem *of, const char *name)
{
	const struct strategy_config config = {.preemptions_max = ANY_PREEMPTIONS};

	if (strategy.kind)
		strategy_free(&strategy);
	strategy = strategy_make(strategy_find(name), &config);
	problem = of;
	return (struct search){
		.program = &program,
		.strategy = &strategy,
		.budget_ns = BUDGET_NS,
		.keep_going = true,
	};
}

static struct coverage dfs_seen(void)
{
	struct coverage seen = {.preemptions = -1};

	strategy_coverage(&strategy, &seen);
	return seen;
}

static void all_schedules(const struct problem *of, unsigned preemptions_max)
{
	const struct strategy_config config = {.preemptions_max = preemptions_max};
	struct search search = search_of(of, "dfs");

	strategy_open(&strategy, &config);
	search_run(&search, &result);
	assert_true(result.exhausted);
}

static int engine_open(void **unused)
{
	(void)unused;
	machine_open(true);
	return search_open(ACTORS, &shared, sizeof shared);
}

/* --- schedules counted --------------------------------------------------------------------- */

/* Only writes to one word: so many steps, each of them a decision. */
static void count_down(void *argument)
{
	for (uint32_t *steps = argument; *steps; --*steps)
		store(&shared.flag, *steps);
}

/*
 * By definition: an actor is chosen before each step, so that schedules are the orders of all
 * steps. A switch away from an actor that has steps left is a preemption.
 */
static uint64_t orders(const uint32_t *steps, int current, unsigned preemptions)
{
	uint64_t sum = 0;
	bool left = false;

	for (int next = 0; next < ACTORS; next++) {
		uint32_t after[ACTORS];
		bool costs = current >= 0 && next != current && steps[current];

		if (!steps[next])
			continue;
		left = true;
		if (costs && !preemptions)
			continue;
		memcpy(after, steps, sizeof after);
		after[next]--;
		sum += orders(after, next, preemptions - costs);
	}
	return left ? sum : 1;
}

/* (the sum of all)! / the product of each one's */
static uint64_t multinomial(const uint32_t *steps)
{
	uint64_t number = 1, total = 0;

	for (int i = 0; i < ACTORS; i++)
		for (uint64_t k = 1; k <= steps[i]; k++)
			number = number * ++total / k;
	return number;
}

static const struct problem counted[] = {
	{2, {count_down, count_down}, {1, 1}, NULL},
	{2, {count_down, count_down}, {2, 2}, NULL},
	{2, {count_down, count_down}, {3, 3}, NULL},
	{2, {count_down, count_down}, {5, 5}, NULL},
	{2, {count_down, count_down}, {2, 5}, NULL},
	{2, {count_down, count_down}, {7, 1}, NULL},
	{3, {count_down, count_down, count_down}, {2, 2, 2}, NULL},
	{3, {count_down, count_down, count_down}, {3, 3, 3}, NULL},
	{3, {count_down, count_down, count_down}, {1, 2, 4}, NULL},
	{4, {count_down, count_down, count_down, count_down}, {1, 1, 1, 1}, NULL},
	{4, {count_down, count_down, count_down, count_down}, {2, 2, 2, 2}, NULL},
};

enum { COUNTED = sizeof counted / sizeof *counted };

static void the_reference_counts_as_combinatorics_does(void **unused)
{
	static const uint64_t known[COUNTED] = {2, 6, 20, 252, 21, 8, 90, 1680, 105, 24, 2520};

	(void)unused;
	for (int i = 0; i < COUNTED; i++) {
		assert_int_equal(multinomial(counted[i].steps), known[i]);
		assert_int_equal(orders(counted[i].steps, -1, ANY_PREEMPTIONS), known[i]);
	}
	/* Two actors with three steps each: r - 2 preemptions make r runs. */
	for (unsigned bound = 0; bound <= 4; bound++) {
		static const uint64_t at_most[] = {2, 6, 14, 18, 20};

		assert_int_equal(orders(counted[2].steps, -1, bound), at_most[bound]);
	}
}

/*
 * The first execution learns that the word is shared, and is not counted. Then each bound is
 * searched from its beginning, until one excludes nothing.
 */
static void dfs_makes_every_schedule_once(void **unused)
{
	(void)unused;
	SKIP_WHERE_SANITIZED();
	for (int i = 0; i < COUNTED; i++) {
		const uint32_t *steps = counted[i].steps;
		uint64_t all = multinomial(steps), executions = 1;

		for (unsigned bound = 0;; bound++) {
			executions += orders(steps, -1, bound);
			if (orders(steps, -1, bound) == all)
				break;
		}
		all_schedules(&counted[i], ANY_PREEMPTIONS);
		assert_true(dfs_seen().all);
		assert_int_equal(dfs_seen().schedules, all);
		assert_int_equal(result.histogram.executions, executions);
		assert_int_equal(result.histogram.failures, 0);
	}
}

static void dfs_keeps_within_its_bound(void **unused)
{
	(void)unused;
	SKIP_WHERE_SANITIZED();
	for (int i = 0; i < COUNTED; i++)
		for (unsigned bound = 0; bound < 4; bound++) {
			const uint32_t *steps = counted[i].steps;
			uint64_t want = orders(steps, -1, bound);

			all_schedules(&counted[i], bound);
			assert_int_equal(dfs_seen().schedules, want);
			assert_int_equal(dfs_seen().all, want == multinomial(steps));
			assert_true(dfs_seen().preemptions <= (int)bound);
		}
}

static void count_down_beside_private_steps(void *argument)
{
	uint32_t *steps = argument, *mine = steps + 1;

	for (store(mine, 0); *steps; --*steps) {
		store(mine, *steps);
		store(&shared.flag, *steps);
		store(mine, *steps);
	}
}

static void steps_that_nobody_shares_are_no_decisions(void **unused)
{
	static const struct problem beside = {3,
		{count_down_beside_private_steps, count_down_beside_private_steps,
			count_down_beside_private_steps},
		{2, 2, 2}, NULL};

	(void)unused;
	SKIP_WHERE_SANITIZED();
	all_schedules(&beside, ANY_PREEMPTIONS);
	assert_int_equal(dfs_seen().schedules, 90);
}

static void count_down_by_reading(void *argument)
{
	uint32_t *steps = argument;

	for (; *steps; --*steps)
		load(&shared.flag);
}

static void steps_that_only_read_are_no_decisions(void **unused)
{
	static const struct problem readers = {
		2, {count_down_by_reading, count_down_by_reading}, {4, 4}, NULL};
	static const struct problem reader_and_writer = {
		2, {count_down_by_reading, count_down}, {3, 2}, NULL};

	(void)unused;
	SKIP_WHERE_SANITIZED();
	all_schedules(&readers, ANY_PREEMPTIONS);
	/* One actor begins, and runs to its end. */
	assert_int_equal(dfs_seen().schedules, 2);
	assert_true(dfs_seen().all);
	all_schedules(&reader_and_writer, ANY_PREEMPTIONS);
	assert_int_equal(dfs_seen().schedules, 10);
}

static void lock_and_unlock(void *argument)
{
	(void)argument;
	snarl_model_pthread_mutex_lock(&shared.lock);
	snarl_model_pthread_mutex_unlock(&shared.lock);
}

/*
 * By definition: acquiring the lock, or finding it held, is one step; releasing it is another. A
 * woken actor that finds it held again waits again.
 */
static uint64_t lock_orders(unsigned actors, const char *phase)
{
	enum { BEFORE = 0, WAITING = 'w', WOKEN = 'v', HOLDING = 'h', OVER = 'o' };
	bool held = memchr(phase, HOLDING, actors), any = false;
	uint64_t sum = 0;

	for (unsigned i = 0; i < actors; i++) {
		char after[ACTORS];

		if (phase[i] == WAITING || phase[i] == OVER)
			continue;
		any = true;
		memcpy(after, phase, ACTORS);
		if (phase[i] == HOLDING) {
			after[i] = OVER;
			for (unsigned k = 0; k < actors; k++)
				after[k] = after[k] == WAITING ? WOKEN : after[k];
		} else {
			after[i] = held ? WAITING : HOLDING;
		}
		sum += lock_orders(actors, after);
	}
	return any ? sum : 1;
}

static void waiting_for_a_lock_is_no_choice(void **unused)
{
	static const struct problem locking[] = {
		{2, {lock_and_unlock, lock_and_unlock}, {0}, NULL},
		{3, {lock_and_unlock, lock_and_unlock, lock_and_unlock}, {0}, NULL},
	};

	(void)unused;
	SKIP_WHERE_SANITIZED();
	/* The second actor arrives while the first holds the lock, or afterwards. */
	assert_int_equal(lock_orders(2, "\0\0\0"), 4);
	for (int i = 0; i < 2; i++) {
		all_schedules(&locking[i], ANY_PREEMPTIONS);
		assert_true(dfs_seen().all);
		assert_int_equal(dfs_seen().schedules, lock_orders(locking[i].actors, "\0\0\0"));
		assert_int_equal(result.histogram.failures, 0);
	}
}

/* --- a lost update ------------------------------------------------------------------------- */

static void deposit(void *argument)
{
	(void)argument;
	store(&shared.counter, load(&shared.counter) + 1);
}

static void deposit_often(void *argument)
{
	for (uint32_t *steps = argument; *steps; --*steps)
		deposit(argument);
}

static unsigned lost_update(void)
{
	return shared.counter != shared.wanted + 2 ? SNARL_LOST_UPDATE : SNARL_NO_BUG;
}

static unsigned lost_update_of_six(void)
{
	return shared.counter != 6 ? SNARL_LOST_UPDATE : SNARL_NO_BUG;
}

static const struct problem two_deposits = {2, {deposit, deposit}, {0}, lost_update};
static const struct problem six_deposits = {
	3, {deposit_often, deposit_often, deposit_often}, {2, 2, 2}, lost_update_of_six};

static const struct problem sixty_deposits = {
	2, {deposit_often, deposit_often}, {30, 30}, lost_update};

static const char *const drawing[] = {"random", "pct", "pos", "auto"};

enum { DRAWING = sizeof drawing / sizeof *drawing };

/* Two reads and two writes have six orders; four of them lose an update. */
static void dfs_counts_the_losers(void **unused)
{
	(void)unused;
	SKIP_WHERE_SANITIZED();
	all_schedules(&two_deposits, ANY_PREEMPTIONS);
	assert_int_equal(dfs_seen().schedules, 6);
	/* With at most one preemption, two of four executions fail; with two, four of six. */
	assert_int_equal(result.histogram.executions, 1 + 2 + 4 + 6);
	assert_int_equal(result.histogram.failures, 0 + 0 + 2 + 4);
	assert_int_equal(result.finding.shape.preemptions, 1);
}

static void a_lost_update_is_soon_found(void **unused)
{
	enum { SOON = 300 };

	(void)unused;
	SKIP_WHERE_SANITIZED();
	for (int i = 0; i < DRAWING; i++)
		for (uint64_t seed = 0; seed < SEEDS; seed++) {
			struct search search = search_of(&two_deposits, drawing[i]);

			search.seed = seed;
			search.executions = SOON;
			search_run(&search, &result);
			assert_true(result.finding.any);
			assert_int_equal(result.finding.outcome.first, SNARL_LOST_UPDATE);
			assert_true(result.histogram.failures < SOON);
		}
}

static void assert_same(const struct search_result *a, const struct search_result *b)
{
	assert_int_equal(a->steps, b->steps);
	assert_int_equal(a->racing, b->racing);
	assert_int_equal(a->histogram.executions, b->histogram.executions);
	assert_int_equal(a->histogram.failures, b->histogram.failures);
	assert_int_equal(a->histogram.used, b->histogram.used);
	for (unsigned i = 0; i < a->histogram.used; i++) {
		const struct histogram_row *one = &a->histogram.rows[i];
		const struct histogram_row *other = &b->histogram.rows[i];

		assert_int_equal(one->count, other->count);
		assert_int_equal(one->first_execution, other->first_execution);
		assert_int_equal(one->outcome.values[0].value, other->outcome.values[0].value);
	}
	assert_int_equal(a->finding.any, b->finding.any);
	assert_int_equal(a->finding.execution, b->finding.execution);
	assert_int_equal(a->finding.schedule.count, b->finding.schedule.count);
}

static void the_same_seed_gives_the_same_executions(void **unused)
{
	static struct search_result first, between;

	(void)unused;
	SKIP_WHERE_SANITIZED();
	for (int i = 0; i < DRAWING; i++)
		for (uint64_t seed = 0; seed < SEEDS; seed++) {
			struct search search = search_of(&six_deposits, drawing[i]);

			search.seed = seed;
			search.executions = 500;
			search.races_wanted = true;
			search_run(&search, &first);
			/* Another search in between has no effect. */
			search = search_of(&sixty_deposits, drawing[i]);
			search.executions = 10;
			search_run(&search, &between);
			search = search_of(&six_deposits, drawing[i]);
			search.seed = seed;
			search.executions = 500;
			search.races_wanted = true;
			search_run(&search, &result);
			assert_same(&first, &result);
		}
}

static void assert_same_shape(struct shape a, struct shape b)
{
	assert_int_equal(a.preemptions, b.preemptions);
	assert_int_equal(a.faults, b.faults);
	assert_int_equal(a.switches, b.switches);
	assert_int_equal(a.steps, b.steps);
}

static void replay_often(const struct finding *finding)
{
	for (int i = 0; i < REPLAYS; i++) {
		const struct outcome *outcome;

		outcome = search_repeat(&program, &finding->schedule, finding->execution);
		assert_int_equal(outcome->kinds, finding->outcome.kinds);
		assert_int_equal(outcome->values[0].value, finding->outcome.values[0].value);
		assert_same_shape(scheduler_shape(), finding->shape);
		assert_int_equal(scheduler.schedule.count, finding->schedule.count);
	}
}

static void a_found_schedule_fails_again_and_again(void **unused)
{
	(void)unused;
	SKIP_WHERE_SANITIZED();
	for (int i = 0; i < DRAWING; i++)
		for (uint64_t seed = 0; seed < SEEDS; seed++) {
			struct search search = search_of(&six_deposits, drawing[i]);

			search.seed = seed;
			search.executions = 300;
			search_run(&search, &result);
			assert_true(result.finding.any);
			replay_often(&result.finding);
		}
}

/* The same with the schedule as text, as a token holds it. */
static void a_schedule_replays_from_its_text(void **unused)
{
	static char text[3000];
	static struct schedule read;
	struct search search = search_of(&six_deposits, "random");

	(void)unused;
	SKIP_WHERE_SANITIZED();
	search.executions = 300;
	search_run(&search, &result);
	assert_int_equal(schedule_encode(&result.finding.schedule, text, sizeof text), 0);
	assert_int_equal(schedule_decode(text, &read), 0);
	assert_int_equal(search_repeat(&program, &read, 0)->kinds, SNARL_LOST_UPDATE);
	assert_same_shape(scheduler_shape(), result.finding.shape);
}

/* One preemption, between a read and its write; the others then run to their end. */
static void a_lost_update_shrinks_to_one_preemption(void **unused)
{
	static const struct problem *const losing[] = {&two_deposits, &six_deposits};

	(void)unused;
	SKIP_WHERE_SANITIZED();
	for (int i = 0; i < 2; i++)
		for (int k = 0; k < DRAWING; k++) {
			struct search search = search_of(losing[i], drawing[k]);

			search.executions = 300;
			search_run(&search, &result);
			assert_true(result.finding.any);
			assert_true(
				search_shrink(&search, &result.finding, clock_ns() + BUDGET_NS));
			assert_int_equal(result.finding.shape.preemptions, 1);
			assert_int_equal(result.finding.shape.faults, 0);
			assert_int_equal(result.finding.outcome.first, SNARL_LOST_UPDATE);
			replay_often(&result.finding);
		}
}

/* --- races --------------------------------------------------------------------------------- */

static void publish_plainly(void *argument)
{
	(void)argument;
	store(&shared.payload, 1);
	__tsan_atomic32_store(&shared.flag, 1, memory_order_relaxed);
}

static void publish(void *argument)
{
	(void)argument;
	store(&shared.payload, 1);
	__tsan_atomic32_store(&shared.flag, 1, memory_order_release);
}

static void take_published(void *argument)
{
	(void)argument;
	if (__tsan_atomic32_load(&shared.flag, memory_order_acquire))
		load(&shared.payload);
}

static void deposit_locked(void *argument)
{
	snarl_model_pthread_mutex_lock(&shared.lock);
	deposit(argument);
	snarl_model_pthread_mutex_unlock(&shared.lock);
}

static void deposit_atomically(void *argument)
{
	(void)argument;
	__tsan_atomic32_fetch_add(&shared.counter, 1, memory_order_relaxed);
}

/* Exactly those schedules race that can. */
static void races_are_those_without_an_order(void **unused)
{
	static const struct {
		struct problem problem;
		bool races;
	} cases[] = {
		{{2, {deposit, deposit}, {0}, NULL}, true},
		{{2, {deposit_locked, deposit_locked}, {0}, lost_update}, false},
		{{2, {deposit_locked, deposit}, {0}, NULL}, true},
		{{2, {deposit_atomically, deposit_atomically}, {0}, lost_update}, false},
		{{2, {deposit_atomically, deposit}, {0}, NULL}, true},
		{{2, {publish, take_published}, {0}, NULL}, false},
		{{2, {publish_plainly, take_published}, {0}, NULL}, true},
	};

	(void)unused;
	SKIP_WHERE_SANITIZED();
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct search search = search_of(&cases[i].problem, "dfs");

		search.races_wanted = true;
		search_run(&search, &result);
		assert_true(result.exhausted);
		assert_int_equal(result.racing > 0, cases[i].races);
		assert_int_equal(result.histogram.failures, 0);
		assert_int_equal(result.finding.any, cases[i].races);
		if (!cases[i].races)
			continue;
		assert_int_equal(result.finding.outcome.kinds, SNARL_NO_BUG);
		assert_true(search_shrink(&search, &result.finding, clock_ns() + BUDGET_NS));
		search_repeat(&program, &result.finding.schedule, 0);
		assert_true(scheduler.racing > 0);
	}
}

/* --- what ends an execution ---------------------------------------------------------------- */

static void take_both(void *argument)
{
	(void)argument;
	snarl_model_pthread_mutex_lock(&shared.lock);
	snarl_model_pthread_mutex_lock(&shared.other_lock);
	snarl_model_pthread_mutex_unlock(&shared.other_lock);
	snarl_model_pthread_mutex_unlock(&shared.lock);
}

static void take_both_the_other_way(void *argument)
{
	(void)argument;
	snarl_model_pthread_mutex_lock(&shared.other_lock);
	snarl_model_pthread_mutex_lock(&shared.lock);
	snarl_model_pthread_mutex_unlock(&shared.lock);
	snarl_model_pthread_mutex_unlock(&shared.other_lock);
}

static void lock_twice(void *argument)
{
	(void)argument;
	snarl_model_pthread_mutex_lock(&shared.lock);
	snarl_model_pthread_mutex_lock(&shared.lock);
}

static void unlock_twice(void *argument)
{
	lock_and_unlock(argument);
	snarl_model_pthread_mutex_unlock(&shared.lock);
}

static void unlock_anothers(void *argument)
{
	(void)argument;
	snarl_model_pthread_mutex_unlock(&shared.lock);
}

static void lock_for_good(void *argument)
{
	(void)argument;
	snarl_model_pthread_mutex_lock(&shared.lock);
}

/* The flag is checked before the lock is acquired: it may be set and signalled in between. */
static void wait_too_late(void *argument)
{
	(void)argument;
	if (__tsan_atomic32_load(&shared.flag, memory_order_seq_cst))
		return;
	snarl_model_pthread_mutex_lock(&shared.lock);
	snarl_model_pthread_cond_wait(&shared.changed, &shared.lock);
	snarl_model_pthread_mutex_unlock(&shared.lock);
}

static void set_and_signal(void *argument)
{
	(void)argument;
	__tsan_atomic32_store(&shared.flag, 1, memory_order_seq_cst);
	snarl_model_pthread_cond_signal(&shared.changed);
}

static void wait_in_time(void *argument)
{
	(void)argument;
	snarl_model_pthread_mutex_lock(&shared.lock);
	while (!load(&shared.flag))
		snarl_model_pthread_cond_wait(&shared.changed, &shared.lock);
	snarl_model_pthread_mutex_unlock(&shared.lock);
}

static void set_and_signal_locked(void *argument)
{
	(void)argument;
	snarl_model_pthread_mutex_lock(&shared.lock);
	store(&shared.flag, 1);
	snarl_model_pthread_cond_signal(&shared.changed);
	snarl_model_pthread_mutex_unlock(&shared.lock);
}

static void spin(void *argument)
{
	(void)argument;
	while (!load(&shared.flag))
		;
}

static void spin_on_two(void *argument)
{
	(void)argument;
	while (!load(&shared.flag) || !load(&shared.payload))
		;
}

static void set(void *argument)
{
	(void)argument;
	store(&shared.payload, 1);
	store(&shared.flag, 1);
}

static void nothing(void *argument)
{
	(void)argument;
}

static void write_for_ever(void *argument)
{
	(void)argument;
	for (;;)
		store(&shared.flag, 1);
}

static void write_its_own_for_ever(void *argument)
{
	for (;;)
		store(argument, 1);
}

static const struct end {
	const char *name;
	struct problem problem;
	unsigned kind;
	const char *words; /* part of the message */
} ends[] = {
	{"opposite orders", {2, {take_both, take_both_the_other_way}, {0}, NULL}, SNARL_DEADLOCK,
		"held by bob"},
	{"same order", {2, {take_both, take_both}, {0}, NULL}, SNARL_NO_BUG, ""},
	{"lock twice", {1, {lock_twice}, {0}, NULL}, SNARL_DEADLOCK, "which it holds itself"},
	{"lock for good", {1, {lock_for_good}, {0}, NULL}, SNARL_ASSERTION, "ends while it holds"},
	{"lock after good", {2, {lock_for_good, lock_and_unlock}, {0}, NULL},
		SNARL_DEADLOCK | SNARL_ASSERTION, ""},
	{"unlock twice", {1, {unlock_twice}, {0}, NULL}, SNARL_ASSERTION, "which nobody holds"},
	{"unlock another's", {2, {unlock_anothers, lock_and_unlock}, {0}, NULL}, SNARL_ASSERTION,
		"alice unlocks"},
	{"wait too late", {2, {wait_too_late, set_and_signal}, {0}, NULL}, SNARL_LOST_WAKEUP,
		"signalled by bob before anybody waited"},
	{"wait in time", {2, {wait_in_time, set_and_signal_locked}, {0}, NULL}, SNARL_NO_BUG, ""},
	{"never signalled", {2, {wait_in_time, nothing}, {0}, NULL}, SNARL_DEADLOCK, "alice waits"},
	{"never released", {1, {spin}, {0}, NULL}, SNARL_LIVELOCK, "alice waits in a loop"},
	{"never released, beside another", {2, {spin, nothing}, {0}, NULL}, SNARL_LIVELOCK,
		"alice waits in a loop"},
	{"two, never released", {2, {spin_on_two, spin}, {0}, NULL}, SNARL_LIVELOCK,
		"bob waits in a loop"},
	{"released", {2, {spin, set}, {0}, NULL}, SNARL_NO_BUG, ""},
	{"released by two", {3, {spin_on_two, set, spin}, {0}, NULL}, SNARL_NO_BUG, ""},
};

/* Every failure is of the expected kind, and there is at least one. */
static void ends_are_told_by_their_kinds(void **unused)
{
	static const char *const strategies[] = {"dfs", "random", "pct", "pos", "auto"};

	(void)unused;
	SKIP_WHERE_SANITIZED();
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		for (size_t k = 0; k < sizeof strategies / sizeof *strategies; k++) {
			struct search search = search_of(&ends[i].problem, strategies[k]);
			bool said = false;

			search.executions = 2000;
			search_run(&search, &result);
			assert_int_equal(result.finding.any, ends[i].kind != SNARL_NO_BUG);
			for (unsigned row = 0; row < result.histogram.used; row++) {
				const struct outcome *outcome = &result.histogram.rows[row].outcome;

				assert_int_equal(outcome->kinds & ~ends[i].kind, 0);
				said |= outcome->kinds &&
					strstr(outcome->message, ends[i].words) != NULL;
			}
			assert_int_equal(said, ends[i].kind != SNARL_NO_BUG);
			if (result.finding.any)
				replay_often(&result.finding);
		}
}

/* A busy-wait loop is parked after some iterations: neither its own steps nor the others' grow. */
static void a_waiting_loop_takes_few_steps(void **unused)
{
	static const struct problem spinning[] = {
		{1, {spin}, {0}, NULL},
		{2, {spin, set}, {0}, NULL},
		{3, {spin, spin_on_two, set}, {0}, NULL},
		{3, {spin, spin, nothing}, {0}, NULL},
	};

	(void)unused;
	SKIP_WHERE_SANITIZED();
	for (size_t i = 0; i < sizeof spinning / sizeof *spinning; i++)
		for (int k = 0; k < DRAWING; k++) {
			struct search search = search_of(&spinning[i], drawing[k]);

			search.executions = 500;
			search_run(&search, &result);
			/* The spin budget's steps before a livelock is reported, and few more. */
			assert_true(result.steps / 500 < 5000);
		}
}

/* All schedules with a busy-wait loop can be covered. */
static void a_waiting_loop_is_exhausted(void **unused)
{
	static const struct problem spinning = {2, {spin, set}, {0}, NULL};

	(void)unused;
	SKIP_WHERE_SANITIZED();
	all_schedules(&spinning, ANY_PREEMPTIONS);
	assert_true(dfs_seen().all);
	assert_int_equal(result.histogram.failures, 0);
}

static void an_execution_without_an_end_is_ended(void **unused)
{
	static const struct problem endless[] = {
		{2, {write_for_ever, write_for_ever}, {0}, NULL},
		{2, {write_for_ever, spin}, {0}, NULL},
		{1, {write_for_ever}, {0}, NULL},
		{2, {write_its_own_for_ever, set}, {0}, NULL},
	};
	static const char *const strategies[] = {"dfs", "random", "pct", "pos", "auto"};

	(void)unused;
	SKIP_WHERE_SANITIZED();
	for (size_t i = 0; i < sizeof endless / sizeof *endless; i++)
		for (size_t k = 0; k < sizeof strategies / sizeof *strategies; k++) {
			struct search search = search_of(&endless[i], strategies[k]);

			search.executions = 20;
			search_run(&search, &result);
			assert_int_equal(result.histogram.failures, result.histogram.executions);
			assert_int_equal(result.finding.outcome.first, SNARL_LIVELOCK);
			assert_non_null(
				strstr(result.finding.outcome.message, "still running after"));
			assert_true(result.steps / 20 < 2 * STEPS_MAX);
		}
}

/* --- what a strategy sees ------------------------------------------------------------------ */

struct witness {
	unsigned count;
	struct step_made made[8];
};

static bool witness_begin(void *state, uint64_t seed)
{
	struct witness *self = state;

	self->count = 0;
	return seed != UINT64_MAX;
}

static struct decision witness_next(void *state, const struct point *point)
{
	(void)state;
	return (struct decision){scheduler_default(point), QUANTUM_WHOLE};
}

static void witness_step(void *state, const struct step_made *step)
{
	struct witness *self = state;

	assert_true(self->count < 8);
	self->made[self->count++] = *step;
}

static void a_strategy_is_told_each_step(void **unused)
{
	static const struct strategy_kind kind = {.name = "witness",
		.size = sizeof(struct witness),
		.begin = witness_begin,
		.next = witness_next,
		.step = witness_step};
	const struct witness *seen;
	struct strategy witness;

	(void)unused;
	SKIP_WHERE_SANITIZED();
	witness = strategy_make(&kind, &(struct strategy_config){0});
	seen = witness.state;
	problem = &two_deposits;
	assert_false(strategy_begin(&witness, UINT64_MAX));
	assert_true(strategy_begin(&witness, 1));
	assert_int_equal(search_execute(&program, &witness, 0)->kinds, SNARL_NO_BUG);
	/* One after the other: each reads, then writes. */
	assert_int_equal(seen->count, 4);
	for (unsigned i = 0; i < seen->count; i++) {
		assert_int_equal(seen->made[i].actor->index, i / 2);
		assert_ptr_equal(seen->made[i].location, &shared.counter);
		assert_int_equal(seen->made[i].size, sizeof shared.counter);
		assert_int_equal(seen->made[i].writes, i % 2);
		assert_false(seen->made[i].atomic);
	}
	strategy_free(&witness);
}

/* Two instances of one strategy take turns: neither affects the other. */
static void instances_have_states_of_their_own(void **unused)
{
	const struct strategy_config config = {.preemptions_max = ANY_PREEMPTIONS};
	struct strategy one, other;
	uint64_t counts[2] = {0};

	(void)unused;
	SKIP_WHERE_SANITIZED();
	one = strategy_make(&strategy_dfs, &config);
	other = strategy_make(&strategy_dfs, &config);
	problem = &two_deposits;
	while (strategy_begin(&one, 0)) {
		search_execute(&program, &one, 0);
		counts[0]++;
		if (!strategy_begin(&other, 0))
			continue;
		search_execute(&program, &other, 0);
		counts[1]++;
	}
	assert_false(strategy_begin(&other, 0));
	assert_int_equal(counts[0], counts[1]);
	assert_true(counts[0] >= 6);
	strategy_free(&one);
	strategy_free(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_reference_counts_as_combinatorics_does),
		cmocka_unit_test(dfs_makes_every_schedule_once),
		cmocka_unit_test(dfs_keeps_within_its_bound),
		cmocka_unit_test(steps_that_nobody_shares_are_no_decisions),
		cmocka_unit_test(steps_that_only_read_are_no_decisions),
		cmocka_unit_test(waiting_for_a_lock_is_no_choice),
		cmocka_unit_test(dfs_counts_the_losers),
		cmocka_unit_test(a_lost_update_is_soon_found),
		cmocka_unit_test(the_same_seed_gives_the_same_executions),
		cmocka_unit_test(a_found_schedule_fails_again_and_again),
		cmocka_unit_test(a_schedule_replays_from_its_text),
		cmocka_unit_test(a_lost_update_shrinks_to_one_preemption),
		cmocka_unit_test(races_are_those_without_an_order),
		cmocka_unit_test(ends_are_told_by_their_kinds),
		cmocka_unit_test(a_waiting_loop_takes_few_steps),
		cmocka_unit_test(a_waiting_loop_is_exhausted),
		cmocka_unit_test(an_execution_without_an_end_is_ended),
		cmocka_unit_test(a_strategy_is_told_each_step),
		cmocka_unit_test(instances_have_states_of_their_own),
	};

	return cmocka_run_group_tests_name("search", tests, engine_open, NULL);
}
