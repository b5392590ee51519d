/*
 * lock_order/correct_ordered: each transfer takes the lock of the lower account first.
 *
 * An actor that waits for lock[1] may hold lock[0], but an actor that holds lock[1] never waits for
 * lock[0]. Waiting goes one way only, so no cycle of waiting actors can close.
 *
 *   alice pays bob                  bob pays alice
 *   lock(lock[0])
 *                                   lock(lock[0]): waits, and holds nothing
 *   lock(lock[1])
 *   moves the money, unlocks both
 *                                   has lock[0]
 *                                   lock(lock[1])
 */
#include <pthread.h>
#include <snarl.h>

enum { ALICE, BOB, ACCOUNTS };

struct bank {
	pthread_mutex_t lock[ACCOUNTS]; /* lock[i] guards balance[i]; precedes lock[i + 1] */
	int balance[ACCOUNTS];
};

#include "common.h"

static void transfer(struct bank *bank, int from, int to, int amount)
{
	int first = from < to ? from : to, second = from < to ? to : from;

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
	.summary = "two opposite transfers; each takes the lock of the lower account first",
	.refs = "CWE-833, CERT CON35-C, CERT POS51-C, OSTEP 32, OSC 8.5",
	.state_size = sizeof(struct bank),
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = bank_setup,
	.check = no_money_lost,
	.teardown = bank_teardown,
	.observe = {"balance"},
	.expect = {.bug = SNARL_NO_BUG},
};
