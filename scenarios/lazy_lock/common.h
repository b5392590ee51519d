/*
 * common.h - alice and bob each put a coin into a box, under a lock that is made on its first use.
 * Each variant defines how an actor gets the lock, and a `struct box` with the member `balance`.
 */
#ifndef SCENARIOS_LAZY_LOCK_COMMON_H
#define SCENARIOS_LAZY_LOCK_COMMON_H

#include <pthread.h>
#include <snarl.h>

struct box; /* each variant's own */

/* The box's lock, which the first call makes. */
static pthread_mutex_t *lock_of(struct box *box);

static void deposit(void *state, struct snarl_actor *self)
{
	struct box *box = state;
	pthread_mutex_t *lock = lock_of(box);
	int seen;

	(void)self;
	pthread_mutex_lock(lock);
	seen = box->balance;
	SNARL_POINT("deposit/loaded");
	box->balance = seen + 1;
	pthread_mutex_unlock(lock);
}

static void no_coin_lost(void *state)
{
	struct box *box = state;

	snarl_expect_eq(SNARL_LOST_UPDATE, box->balance, 2, "balance");
}

#endif
