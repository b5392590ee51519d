/*
 * stop_flag/correct_atomic_flag: the flag is atomic, stored with release and loaded with acquire.
 *
 * The compiler has to load an atomic each time the program does. A thread that sees the released
 * flag also sees all that was written before it.
 *
 *   stop   boss                     worker
 *     0                             load-acquire stop: 0, again
 *     0    reason = 42
 *     1    store-release stop = 1
 *     1                             load-acquire stop: 1, so the reason is there
 *     1                             read = reason: 42
 */
#include <stdatomic.h>

struct shared {
	int reason;	  /* the boss's until stop is set, then the worker's */
	_Atomic int stop; /* written by the boss only */
	int read;	  /* the worker's */
};

#include "common.h"

static void call_it_a_day(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;

	(void)self;
	shared->reason = CLOSING_TIME;
	SNARL_POINT("call/reason_written");
	/* release: a thread that sees the flag sees the reason as well */
	atomic_store_explicit(&shared->stop, 1, memory_order_release);
}

static void work(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;

	(void)self;
	/* acquire: the reason was written before the flag */
	while (!atomic_load_explicit(&shared->stop, memory_order_acquire))
		;
	SNARL_POINT("work/stopped");
	shared->read = shared->reason;
}

const struct snarl_scenario scenario = {
	.summary = "a worker that waits for an atomic stop flag",
	.refs = "CWE-820, CERT CON02-C, OSTEP 30",
	.state_size = sizeof(struct shared),
	.actors = {{"boss", call_it_a_day}, {"worker", work}},
	.check = reason_was_read,
	.observe = {"stop", "reason", "read"},
	.expect = {.bug = SNARL_NO_BUG},
};
