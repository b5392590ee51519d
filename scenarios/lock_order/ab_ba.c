/*
 * lock_order/ab_ba: each transfer takes the lock of the payer first.
 *
 * Alice and bob pay each other, so the first lock of one is the second of the other. When each has
 * its first, each waits for a lock that the other keeps until it has its second.
 *
 *   alice pays bob                  bob pays alice
 *   lock(lock[0])
 *                                   lock(lock[1])
 *   lock(lock[1]): waits for bob
 *                                   lock(lock[0]): waits for alice
 *
 * In the end alice holds lock[0] and waits for lock[1]; bob holds lock[1] and waits for lock[0].
 */
#include <pthread.h>
#include <snarl.h>

enum { ALICE, BOB, ACCOUNTS };

struct bank {
	pthread_mutex_t lock[ACCOUNTS]; /* lock[i] guards balance[i]; no order */
	int balance[ACCOUNTS];
};

#include "common.h"

static void transfer(struct bank *bank, int from, int to, int amount)
{
	int first = from, second = to;

	if (from == to)
		return; /* there is one lock only: it would be taken twice */
	pthread_mutex_lock(&bank->lock[first]);
	SNARL_POINT("transfer/has_first");
	pthread_mutex_lock(&bank->lock[second]);
	if (bank->balance[from] >= amount)
		move_money(bank, from, to, amount);
	pthread_mutex_unlock(&bank->lock[second]);
	pthread_mutex_unlock(&bank->lock[first]);
}

const struct snarl_scenario scenario = {
	.summary = "two opposite transfers; each takes the payer's lock first",
	.refs = "CWE-833, CERT CON35-C, CERT POS51-C, OSTEP 32, OSC 8.5",
	.state_size = sizeof(struct bank),
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = bank_setup,
	.check = no_money_lost,
	.teardown = bank_teardown,
	.observe = {"balance"},
	.expect = {.bug = SNARL_DEADLOCK,
		.cycle = "alice -> lock[1] -> bob -> lock[0] -> alice",
		.tsan = {.bug = SNARL_LOCK_ORDER | SNARL_DEADLOCK}},
};
