/*
 * counter/split_atomic: an atomic load and an atomic store are not one atomic update.
 *
 * Each access is atomic, so there is no data race and ThreadSanitizer has nothing to report. The
 * other actor's store can still come between this one's load and store, and is overwritten by a
 * value made from the old one.
 *
 *   counter   producer                        consumer
 *      5      register1 = load(counter)
 *      5                                      register2 = load(counter)
 *      6      store(counter, register1 + 1)
 *      4                                      store(counter, register2 - 1): an update is lost
 */
#include <stdatomic.h>

struct shared {
	_Atomic int counter;
};

#include "common.h"

static void produce(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;
	int register1 = atomic_load(&shared->counter);

	(void)self;
	SNARL_POINT("produce/loaded");
	atomic_store(&shared->counter, register1 + 1);
}

static void consume(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;
	int register2 = atomic_load(&shared->counter);

	(void)self;
	SNARL_POINT("consume/loaded");
	atomic_store(&shared->counter, register2 - 1);
}

const struct snarl_scenario scenario = {
	.summary = "counter++ and counter-- as an atomic load, then an atomic store",
	.refs = "CWE-362, CERT CON07-C, OSTEP 32, OSC 6.4",
	.state_size = sizeof(struct shared),
	.actors = {{"producer", produce}, {"consumer", consume}},
	.setup = counter_setup,
	.check = nothing_lost,
	.observe = {"counter"},
	.expect = {.bug = SNARL_LOST_UPDATE,
		.tsan = SNARL_BLIND("every access is atomic: no data race loses the update")},
};
