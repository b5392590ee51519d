/*
 * lock_order/correct_error_path: a transfer that is abandoned releases both locks.
 *
 * A transfer without a receipt is abandoned. Once both locks are taken there is one way out, past
 * both unlocks, whether the transfer was made or not.
 *
 *   alice pays bob                  bob pays alice
 *   lock(lock[0]), lock(lock[1])
 *                                   lock(lock[0]): waits for alice
 *   malloc: ENOMEM, goto out
 *   unlock(lock[1]), unlock(lock[0])
 *                                   has lock[0], continues
 */
#include <pthread.h>
#include <stdlib.h>
#include <snarl.h>

enum { ALICE, BOB, ACCOUNTS, RECEIPT_BYTES = 16 };

struct bank {
	pthread_mutex_t lock[ACCOUNTS]; /* lock[i] guards balance[i]; precedes lock[i + 1] */
	int balance[ACCOUNTS];
};

#include "common.h"

static void transfer(struct bank *bank, int from, int to, int amount)
{
	void *volatile receipt; /* volatile: or the compiler removes the malloc */
	int first = from < to ? from : to, second = from < to ? to : from;

	if (from == to)
		return; /* there is one lock only: it would be taken twice */
	pthread_mutex_lock(&bank->lock[first]);
	SNARL_POINT("transfer/has_first");
	pthread_mutex_lock(&bank->lock[second]);
	receipt = malloc(RECEIPT_BYTES);
	if (!receipt)
		goto out;
	if (bank->balance[from] >= amount)
		move_money(bank, from, to, amount);
	free(receipt);
out:
	pthread_mutex_unlock(&bank->lock[second]);
	pthread_mutex_unlock(&bank->lock[first]);
}

const struct snarl_scenario scenario = {
	.summary = "an error path that releases both locks",
	.refs = "CWE-667, CERT MEM12-C, CERT ERR33-C, OSTEP 32",
	.state_size = sizeof(struct bank),
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = bank_setup,
	.check = no_money_lost,
	.teardown = bank_teardown,
	.observe = {"balance"},
	.inject = {"libc/mm/malloc:errno=ENOMEM:p=0.2"},
	.expect = {.bug = SNARL_NO_BUG},
};
