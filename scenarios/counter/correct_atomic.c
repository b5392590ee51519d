/*
 * counter/correct_atomic: a plain shared counter, changed by two actors without a lock.
 *
 * counter++ is three instructions: load into a register, add, store. When the other actor stores
 * between the load and the store, its update is overwritten by a value made from the old one.
 *
 *   counter   producer              consumer
 *      5      register1 = counter
 *      5                            register2 = counter
 *      5      register1 + 1 = 6
 *      5                            register2 - 1 = 4
 *      6      counter = register1
 *      4                            counter = register2     the producer's update is lost
 */
struct shared {
	_Atomic int counter;
};

#include "common.h"

static void produce(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;
	

	(void)self;
	SNARL_POINT("produce/loaded");
	shared->counter++;
}

static void consume(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;
	

	(void)self;
	SNARL_POINT("consume/loaded");
	shared->counter--;
}

const struct snarl_scenario scenario = {
	.summary = "counter++ and counter-- without a lock",
	.refs = "CWE-362, CERT CON43-C, OSTEP 26, OSC 6.1",
	.state_size = sizeof(struct shared),
	.actors = {{"producer", produce}, {"consumer", consume}},
	.setup = counter_setup,
	.check = nothing_lost,
	.observe = {"counter"},
	.expect = {.bug = SNARL_NO_BUG},
};
