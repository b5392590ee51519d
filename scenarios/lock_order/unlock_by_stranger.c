/*
 * lock_order/unlock_by_stranger: an actor that backs off unlocks both, even the one it did not get.
 *
 * One exit with all the unlocks is good practice, but trylock has just reported that another actor
 * has the second lock. That actor continues as if it still held it, and another may come in.
 *
 *   alice pays bob                  bob pays carol
 *   lock(lock[0])
 *                                   lock(lock[1]), trylock(lock[2]): has both
 *                                   loads balance[1]: 10
 *   trylock(lock[1]): busy
 *   unlock(lock[1]): it is bob's
 *   again: lock(lock[0]), trylock(lock[1]): has both
 *   balance[1] = 11
 *                                   balance[1] = 9: alice's payment is lost
 */
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <snarl.h>

enum { ALICE, BOB, CAROL, ACCOUNTS };

enum { TRIES = 3 /* otherwise two that back off in step do so forever */ };

struct bank {
	pthread_mutex_t lock[ACCOUNTS]; /* lock[i] guards balance[i]; no order */
	int balance[ACCOUNTS];
};

#include "common.h"

static void carol(void *state, struct snarl_actor *self)
{
	(void)self;
	pay(state, CAROL);
}

static void transfer(struct bank *bank, int from, int to, int amount)
{
	bool done;

	if (from == to)
		return; /* there is one lock only: it would be taken twice */
	for (int tries = 0; tries < TRIES; tries++) {
		pthread_mutex_lock(&bank->lock[from]);
		SNARL_POINT("transfer/has_first");
		done = pthread_mutex_trylock(&bank->lock[to]) == 0;
		if (done && bank->balance[from] >= amount)
			move_money(bank, from, to, amount);
		pthread_mutex_unlock(&bank->lock[to]);
		pthread_mutex_unlock(&bank->lock[from]);
		if (done)
			return;
		sched_yield(); /* let the other one have both */
	}
}

const struct snarl_scenario scenario = {
	.summary = "a mutex unlocked by a thread whose trylock of it failed",
	.refs = "CWE-832, CWE-667, TLPI 30.1, APUE 11.6",
	.state_size = sizeof(struct bank),
	.actors = {{"alice", alice}, {"bob", bob}, {"carol", carol}},
	.setup = bank_setup,
	.check = no_money_lost,
	.teardown = bank_teardown,
	.observe = {"balance"},
	.expect = {.bug = SNARL_LOST_UPDATE | SNARL_ASSERTION,
		.race_in = "transfer",
		/* crash: glibc asserts, where it checks, that a free lock has no owner */
		.stress = {.bug = SNARL_LOST_UPDATE | SNARL_CRASH},
		.tsan = {.bug = SNARL_DATA_RACE | SNARL_ASSERTION}},
};
