/*
 * counter/volatile_counter: volatile does not make a counter atomic.
 *
 * volatile makes the compiler emit every load and every store. It does not join the load and the
 * store into one operation, and it orders nothing between threads: the update of one actor is lost
 * as with a plain int.
 *
 *   counter   producer              consumer
 *      5      register1 = counter
 *      5                            register2 = counter
 *      6      counter = register1 + 1
 *      4                            counter = register2 - 1: the producer's update is lost
 */
struct shared {
	volatile int counter;
};

#include "common.h"

static void produce(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;
	int register1 = shared->counter;

	(void)self;
	SNARL_POINT("produce/loaded");
	shared->counter = register1 + 1;
}

static void consume(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;
	int register2 = shared->counter;

	(void)self;
	SNARL_POINT("consume/loaded");
	shared->counter = register2 - 1;
}

const struct snarl_scenario scenario = {
	.summary = "counter++ and counter-- on a volatile int",
	.refs = "CWE-362, CERT CON02-C, OSTEP 26, OSC 6.1",
	.state_size = sizeof(struct shared),
	.actors = {{"producer", produce}, {"consumer", consume}},
	.setup = counter_setup,
	.check = nothing_lost,
	.observe = {"counter"},
	.expect = {.bug = SNARL_LOST_UPDATE, .race_in = "produce"},
};
