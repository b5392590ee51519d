/*
 * lazy_lock/published_by_store: each actor makes a lock of its own and publishes it by a store.
 *
 * A lock is complete before its pointer is visible, so nobody uses it too early. But the second
 * store replaces the first pointer, which an actor already uses. Each has a lock of its own, and
 * the two locks exclude nobody.
 *
 *   lock   alice                           bob
 *    -     lock? none: makes A
 *    -                                     lock? none: makes B
 *    A     lock = A
 *    A     lock(A), loads balance: 0
 *    B                                     lock = B: A is replaced
 *    B                                     lock(B), loads balance: 0
 *    B     balance = 1
 *    B                                     balance = 1: a coin is lost
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct box {
	pthread_mutex_t *_Atomic lock; /* NULL: not made yet */
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
	atomic_store(&box->lock, mine);
	return mine;
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
	.summary = "two threads each make a mutex on first use, and the second replaces the first",
	.refs = "CWE-367, CWE-362, CERT CON43-C",
	.state_size = sizeof(struct box),
	.actors = {{"alice", deposit}, {"bob", deposit}},
	.check = no_coin_lost,
	.teardown = teardown,
	.observe = {"balance"},
	.expect = {.bug = SNARL_LOST_UPDATE,
		.race_in = "deposit",
		.explore = {.bug = SNARL_LOST_UPDATE | SNARL_LEAK | SNARL_DATA_RACE}},
};
