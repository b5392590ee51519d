/*
 * common.h - alice and bob count to four together, in a critical section that each variant guards
 * with a lock made of loads and stores. `struct shared` needs the member `counter`.
 */
#ifndef SCENARIOS_STORE_BUFFERING_COMMON_H
#define SCENARIOS_STORE_BUFFERING_COMMON_H

#include <sched.h>
#include <snarl.h>

struct shared; /* each variant's own */

enum {
	ALICE,
	BOB,
	ROUNDS = 2,
	SPINS = 16, /* before a yield: the other is soon out unless it has lost its CPU */
};

/* One round of a busy wait, which yields to the other every SPINS rounds. */
static void wait_round(int *spins)
{
	if (++*spins < SPINS)
		return;
	*spins = 0;
	sched_yield();
}

/* Keep the other actor out, from the return of enter to the call of leave. */
static void enter(struct shared *shared, int me);
static void leave(struct shared *shared, int me);

static void count(struct shared *shared, int me)
{
	for (int i = 0; i < ROUNDS; i++) {
		int seen;

		enter(shared, me);
		seen = shared->counter;
		SNARL_POINT("count/loaded");
		shared->counter = seen + 1;
		leave(shared, me);
	}
}

static void alice(void *state, struct snarl_actor *self)
{
	(void)self;
	count(state, ALICE);
}

static void bob(void *state, struct snarl_actor *self)
{
	(void)self;
	count(state, BOB);
}

static void nothing_lost(void *state)
{
	struct shared *shared = state;

	snarl_expect_eq(SNARL_LOST_UPDATE, shared->counter, 2 * ROUNDS, "counter");
}

#endif
