/*
 * counter/correct_atomic: a shared counter, changed by atomic read-modify-write operations.
 *
 * The load, the addition and the store are one operation: no other access to the counter can come
 * between them, with no lock to wait for.
 *
 *   counter   producer              consumer
 *      5      counter += 1
 *      6                            counter -= 1
 *      5                                                    in either order, nothing is lost
 */
#include <stdatomic.h>

struct shared {
	_Atomic int counter;
};

#include "common.h"

static void produce(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;

	(void)self;
	SNARL_POINT("produce/before_add");
	atomic_fetch_add(&shared->counter, 1);
}

static void consume(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;

	(void)self;
	SNARL_POINT("consume/before_sub");
	atomic_fetch_sub(&shared->counter, 1);
}

const struct snarl_scenario scenario = {
	.summary = "counter++ and counter-- as atomic operations",
	.refs = "CWE-362, CERT CON07-C, OSTEP 28, OSC 6.4",
	.state_size = sizeof(struct shared),
	.actors = {{"producer", produce}, {"consumer", consume}},
	.setup = counter_setup,
	.check = nothing_lost,
	.observe = {"counter"},
	.expect = {.bug = SNARL_NO_BUG},
};
