/*
 * barrier_reuse/one_counter: a waiter waits until the counter is back at 0.
 *
 * The counter is 0 at the end of a round, but not for long: a fast worker comes back and counts
 * itself for the next round. A waiter that has not looked yet finds 1 and stays in the old round.
 * The fast worker then waits for it, and it waits for the fast worker.
 *
 *   arrived   alice                     bob                       carol
 *      2      waits for 0               waits for 0
 *      0                                                          the third: wakes all
 *      1                                                          next phase: waits for 0
 *      1      arrived is 1: waits
 *      1                                arrived is 1: waits
 */
#include <pthread.h>

enum { WORKERS = 3, PHASES = 2 };

struct shared {
	pthread_mutex_t lock; /* guards arrived */
	pthread_cond_t all_here;
	int arrived;		    /* of this round */
	int slots[PHASES][WORKERS]; /* its worker's until the phase's barrier, then read by all */
	int missing[WORKERS];	    /* slots found empty; each used by its worker only */
};

#include "common.h"

static void setup(void *state)
{
	struct shared *shared = state;

	pthread_mutex_init(&shared->lock, NULL);
	pthread_cond_init(&shared->all_here, NULL);
}

static void teardown(void *state)
{
	struct shared *shared = state;

	pthread_cond_destroy(&shared->all_here);
	pthread_mutex_destroy(&shared->lock);
}

static void barrier_wait(struct shared *shared)
{
	SNARL_POINT("barrier_wait/before");
	pthread_mutex_lock(&shared->lock);
	if (++shared->arrived == WORKERS) {
		shared->arrived = 0;
		pthread_cond_broadcast(&shared->all_here);
	}
	while (shared->arrived != 0)
		pthread_cond_wait(&shared->all_here, &shared->lock);
	pthread_mutex_unlock(&shared->lock);
}

const struct snarl_scenario scenario = {
	.summary = "phases separated by a barrier with one counter for all rounds",
	.refs = "CWE-833, LBS 3",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", alice}, {"bob", bob}, {"carol", carol}},
	.setup = setup,
	.check = nobody_ahead,
	.teardown = teardown,
	.observe = {"arrived", "slots", "missing"},
	.expect = {.bug = SNARL_DEADLOCK | SNARL_LOST_WAKEUP},
};
