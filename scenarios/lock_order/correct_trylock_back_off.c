/*
 * lock_order/correct_trylock_back_off: the payer's lock first, and back if the other one is busy.
 *
 * No actor waits for a lock while it holds one: an actor that cannot have the second lock releases
 * the first, lets the other continue and tries again. After some tries it abandons the transfer.
 *
 *   alice pays bob                  bob pays alice
 *   lock(lock[0])
 *                                   lock(lock[1])
 *   trylock(lock[1]): busy
 *   unlock(lock[0])
 *                                   trylock(lock[0]): has both
 *                                   moves the money, unlocks both
 *   again: lock(lock[0])
 */
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <snarl.h>

enum { ALICE, BOB, ACCOUNTS };

enum { TRIES = 3 /* otherwise two that back off in step do so forever */ };

struct bank {
	pthread_mutex_t lock[ACCOUNTS]; /* lock[i] guards balance[i]; no order */
	int balance[ACCOUNTS];
};

#include "common.h"

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
		if (done)
			pthread_mutex_unlock(&bank->lock[to]);
		pthread_mutex_unlock(&bank->lock[from]);
		if (done)
			return;
		sched_yield(); /* let the other one have both */
	}
}

const struct snarl_scenario scenario = {
	.summary = "two opposite transfers; if trylock fails, the first lock is released",
	.refs = "CWE-833, CERT CON35-C, OSTEP 32, TLPI 30.1, APUE 11.6",
	.state_size = sizeof(struct bank),
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = bank_setup,
	.check = no_money_lost,
	.teardown = bank_teardown,
	.observe = {"balance"},
	.expect = {.bug = SNARL_NO_BUG},
};
