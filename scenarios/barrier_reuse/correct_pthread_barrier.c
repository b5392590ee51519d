/*
 * barrier_reuse/correct_pthread_barrier: POSIX's barrier, which may be used again at once.
 *
 * The barrier keeps its rounds apart by itself: a worker that comes back waits for the next round,
 * whether or not the others have left this one yet.
 *
 *   arrived   alice                     bob                       carol
 *      2      waits                     waits
 *      0                                                          the third: all may leave
 *      0      leaves                                              leaves
 *      1                                                          next phase: waits
 *      1                                leaves, late
 */
#include <pthread.h>

enum { WORKERS = 3, PHASES = 2 };

struct shared {
	pthread_barrier_t barrier;
	int slots[PHASES][WORKERS]; /* its worker's until the phase's barrier, then read by all */
	int missing[WORKERS];	    /* slots found empty; each used by its worker only */
};

#include "common.h"

static void setup(void *state)
{
	struct shared *shared = state;

	pthread_barrier_init(&shared->barrier, NULL, WORKERS);
}

static void teardown(void *state)
{
	struct shared *shared = state;

	pthread_barrier_destroy(&shared->barrier);
}

static void barrier_wait(struct shared *shared)
{
	SNARL_POINT("barrier_wait/before");
	pthread_barrier_wait(&shared->barrier);
}

const struct snarl_scenario scenario = {
	.summary = "phases separated by a POSIX barrier",
	.refs = "CWE-821, LBS 3",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", alice}, {"bob", bob}, {"carol", carol}},
	.setup = setup,
	.check = nobody_ahead,
	.teardown = teardown,
	.observe = {"slots", "missing"},
	.expect = {.bug = SNARL_NO_BUG},
};
