/*
 * common.h - three workers go through phases together: each writes its slot of the phase, waits
 * until all have, and reads the others'. Each variant defines the barrier; its `struct shared`
 * needs the members `slots` and `missing`.
 */
#ifndef SCENARIOS_BARRIER_REUSE_COMMON_H
#define SCENARIOS_BARRIER_REUSE_COMMON_H

#include <snarl.h>

struct shared; /* each variant's own */

/* Return when all workers have arrived. */
static void barrier_wait(struct shared *shared);

static void work(struct shared *shared, int worker)
{
	for (int phase = 0; phase < PHASES; phase++) {
		shared->slots[phase][worker] = 1;
		SNARL_POINT("work/slot_written");
		barrier_wait(shared);
		for (int i = 0; i < WORKERS; i++)
			shared->missing[worker] += !shared->slots[phase][i];
	}
}

static void alice(void *state, struct snarl_actor *self)
{
	(void)self;
	work(state, 0);
}

static void bob(void *state, struct snarl_actor *self)
{
	(void)self;
	work(state, 1);
}

static void carol(void *state, struct snarl_actor *self)
{
	(void)self;
	work(state, 2);
}

static void nobody_ahead(void *state)
{
	struct shared *shared = state;
	int missing = 0;

	for (int i = 0; i < WORKERS; i++)
		missing += shared->missing[i];
	snarl_expect_eq(SNARL_STALE_READ, missing, 0, "missing");
}

#endif
