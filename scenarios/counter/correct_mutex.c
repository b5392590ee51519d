/*
 * counter/correct_mutex: a shared counter that is read and written under one lock.
 *
 * counter++ is still three instructions, but both actors hold the same mutex from the load to the
 * store, so neither can come between the load and the store of the other.
 *
 *   counter   producer              consumer
 *      5      lock
 *      5      register1 = counter
 *      5                            lock: waits
 *      6      counter = register1 + 1
 *      6      unlock
 *      6                            register2 = counter
 *      5                            counter = register2 - 1
 *      5                            unlock                  nothing is lost
 */
#include <pthread.h>

struct shared {
	pthread_mutex_t lock;
	int counter; /* under lock */
};

#include "common.h"

static void setup(void *state)
{
	struct shared *shared = state;

	counter_setup(state);
	pthread_mutex_init(&shared->lock, NULL);
}

static void teardown(void *state)
{
	struct shared *shared = state;

	pthread_mutex_destroy(&shared->lock);
}

static void produce(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;
	int register1;

	(void)self;
	pthread_mutex_lock(&shared->lock);
	register1 = shared->counter;
	SNARL_POINT("produce/loaded");
	shared->counter = register1 + 1;
	pthread_mutex_unlock(&shared->lock);
}

static void consume(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;
	int register2;

	(void)self;
	pthread_mutex_lock(&shared->lock);
	register2 = shared->counter;
	SNARL_POINT("consume/loaded");
	shared->counter = register2 - 1;
	pthread_mutex_unlock(&shared->lock);
}

const struct snarl_scenario scenario = {
	.summary = "counter++ and counter-- under one mutex",
	.refs = "CWE-362, CERT CON43-C, OSTEP 28, OSC 6.5",
	.state_size = sizeof(struct shared),
	.actors = {{"producer", produce}, {"consumer", consume}},
	.setup = setup,
	.check = nothing_lost,
	.teardown = teardown,
	.observe = {"counter"},
	.expect = {.bug = SNARL_NO_BUG},
};
