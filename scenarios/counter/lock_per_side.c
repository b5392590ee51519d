/*
 * counter/lock_per_side: both actors lock, but not the same mutex.
 *
 * A mutex excludes only actors that lock the same one. Each side holds a mutex that the other never
 * locks, so the load and the store of one can come between those of the other.
 *
 *   counter   producer                    consumer
 *      5      lock: free
 *      5                                  consumer_lock: free as well
 *      5      register1 = counter
 *      5                                  register2 = counter
 *      6      counter = register1 + 1
 *      4                                  counter = register2 - 1: the producer's update is lost
 */
#include <pthread.h>

struct shared {
	pthread_mutex_t lock, consumer_lock;
	int counter; /* under either lock: that is, under none */
};

#include "common.h"

static void setup(void *state)
{
	struct shared *shared = state;

	counter_setup(state);
	pthread_mutex_init(&shared->lock, NULL);
	pthread_mutex_init(&shared->consumer_lock, NULL);
}

static void teardown(void *state)
{
	struct shared *shared = state;

	pthread_mutex_destroy(&shared->lock);
	pthread_mutex_destroy(&shared->consumer_lock);
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
	pthread_mutex_lock(&shared->consumer_lock);
	register2 = shared->counter;
	SNARL_POINT("consume/loaded");
	shared->counter = register2 - 1;
	pthread_mutex_unlock(&shared->consumer_lock);
}

const struct snarl_scenario scenario = {
	.summary = "counter++ and counter--, each under a mutex of its own",
	.refs = "CWE-821, CERT CON43-C, OSTEP 28, OSC 6.5",
	.state_size = sizeof(struct shared),
	.actors = {{"producer", produce}, {"consumer", consume}},
	.setup = setup,
	.check = nothing_lost,
	.teardown = teardown,
	.observe = {"counter"},
	.expect = {.bug = SNARL_LOST_UPDATE, .race_in = "produce"},
};
