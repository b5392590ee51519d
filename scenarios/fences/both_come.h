/*
 * both_come.h - alice and bob each say that they have come, and look whether the other has. The one
 * that comes second, if not both, has to see the other. Each variant defines the fence between the
 * store and the load.
 */
#ifndef SCENARIOS_FENCES_BOTH_COME_H
#define SCENARIOS_FENCES_BOTH_COME_H

#include <stdatomic.h>
#include <snarl.h>

enum { ALICE, BOB };

struct shared {
	atomic_int come[2]; /* by actor: each written by its own actor only */
	int missed[2];	    /* did not see the other; each used by its actor only */
};

/* Keep the store before it and the load after it in this order. */
static void fence(void);

static void come(struct shared *shared, int me)
{
	atomic_store_explicit(&shared->come[me], 1, memory_order_relaxed);
	fence();
	shared->missed[me] = !atomic_load_explicit(&shared->come[!me], memory_order_relaxed);
}

static void alice(void *state, struct snarl_actor *self)
{
	(void)self;
	come(state, ALICE);
}

static void bob(void *state, struct snarl_actor *self)
{
	(void)self;
	come(state, BOB);
}

static void one_sees_the_other(void *state)
{
	struct shared *shared = state;

	if (shared->missed[ALICE] && shared->missed[BOB])
		snarl_fail(SNARL_STALE_READ, "both have come, and neither saw the other");
}

#endif
