/*
 * barrier_reuse/correct_sense_reversing: the last worker to arrive flips the sense of the barrier.
 *
 * A waiter waits for the sense to flip, and only the end of the next round flips it back. The next
 * round needs all workers, so it cannot end before the slowest has left this one.
 *
 *   arrived sense   alice                  bob                    carol
 *      2      0     waits for sense 1      waits for sense 1
 *      0      1                                                   the third: wakes all
 *      1      1                                                   next phase: waits for sense 0
 *      1      1     sense is 1: leaves
 *      1      1                            sense is 1: leaves
 */
#include <pthread.h>
#include <stdbool.h>

enum { WORKERS = 3, PHASES = 2 };

struct shared {
	pthread_mutex_t lock; /* guards arrived and sense */
	pthread_cond_t all_here;
	int arrived;		    /* of this round */
	bool sense;		    /* flipped by each round */
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
	bool sense;

	SNARL_POINT("barrier_wait/before");
	pthread_mutex_lock(&shared->lock);
	sense = shared->sense;
	if (++shared->arrived == WORKERS) {
		shared->arrived = 0;
		shared->sense = !sense;
		pthread_cond_broadcast(&shared->all_here);
	}
	while (shared->sense == sense)
		pthread_cond_wait(&shared->all_here, &shared->lock);
	pthread_mutex_unlock(&shared->lock);
}

const struct snarl_scenario scenario = {
	.summary = "phases separated by a sense-reversing barrier",
	.refs = "CWE-821, LBS 3",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", alice}, {"bob", bob}, {"carol", carol}},
	.setup = setup,
	.check = nobody_ahead,
	.teardown = teardown,
	.observe = {"arrived", "sense", "slots", "missing"},
	.expect = {.bug = SNARL_NO_BUG},
};
