/*
 * lazy_lock/correct_compare_and_swap: each actor makes a lock of its own, and one is published.
 *
 * The pointer changes once, from NULL, because compare-and-swap makes the check and the store one
 * step. The actor that comes second finds the pointer set, discards its own lock and uses the
 * published one.
 *
 *   lock   alice                           bob
 *    -     lock? none: makes A
 *    -                                     lock? none: makes B
 *    A     compare-and-swap NULL to A: done
 *    A     lock(A), loads balance: 0
 *    A                                     compare-and-swap NULL to B: fails, finds A
 *    A                                     destroys B, lock(A): waits for alice
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct box {
	pthread_mutex_t *_Atomic lock; /* NULL: not made yet; changes once */
	int balance;		       /* under *lock */
};

#include "common.h"

static pthread_mutex_t *lock_of(struct box *box)
{
	pthread_mutex_t *lock = atomic_load(&box->lock), *mine;

	if (lock)
		return lock;
	do
		mine = malloc(sizeof *mine);
	while (!mine); /* a rule may make it fail */
	pthread_mutex_init(mine, NULL);
	SNARL_POINT("lock_of/made");
	if (atomic_compare_exchange_strong(&box->lock, &lock, mine))
		return mine;
	pthread_mutex_destroy(mine);
	free(mine);
	return lock;
}

static void teardown(void *state)
{
	struct box *box = state;

	if (!box->lock)
		return; /* no actor ran: the batch was cut short */
	pthread_mutex_destroy(box->lock);
	free(box->lock);
}

const struct snarl_scenario scenario = {
	.summary = "a mutex made on first use and published once, by compare-and-swap",
	.refs = "CWE-362, CERT CON43-C",
	.state_size = sizeof(struct box),
	.actors = {{"alice", deposit}, {"bob", deposit}},
	.check = no_coin_lost,
	.teardown = teardown,
	.observe = {"balance"},
	.expect = {.bug = SNARL_NO_BUG},
};
