/*
 * lock_order/error_path_keeps_lock: a transfer that runs out of memory returns with both locks.
 *
 * The error path skips the unlocks. The actor that failed has ended when the next one comes and
 * waits for a lock that nobody will release.
 *
 *   alice pays bob                  bob pays alice
 *   lock(lock[0]), lock(lock[1])
 *   malloc: ENOMEM, return
 *                                   lock(lock[0]): waits for alice, who has ended
 *
 * In the end alice has ended and holds lock[0] and lock[1]; bob holds nothing and waits for
 * lock[0]. The roles may be swapped. If only the second transfer fails, its locks stay held as
 * well, but nobody waits for them.
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
		return;
	if (bank->balance[from] >= amount)
		move_money(bank, from, to, amount);
	free(receipt);
	pthread_mutex_unlock(&bank->lock[second]);
	pthread_mutex_unlock(&bank->lock[first]);
}

const struct snarl_scenario scenario = {
	.summary = "an error path that returns with both locks held",
	.refs = "CWE-667, CWE-833, CERT MEM12-C, OSTEP 32",
	.state_size = sizeof(struct bank),
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = bank_setup,
	.check = no_money_lost,
	.teardown = bank_teardown,
	.observe = {"balance"},
	.inject = {"libc/mm/malloc:errno=ENOMEM:p=0.2"},
	.expect = {.bug = SNARL_DEADLOCK | SNARL_ASSERTION, .stress = {.bug = SNARL_DEADLOCK}},
};
