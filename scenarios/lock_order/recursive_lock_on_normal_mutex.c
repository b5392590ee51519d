/*
 * lock_order/recursive_lock_on_normal_mutex: a helper locks a mutex that its caller holds.
 *
 * balance_of locks the account that it reads, as it must for other callers. Within a transfer the
 * same actor already holds that lock; only a recursive mutex would count the second lock.
 *
 *   alice pays bob                  bob pays alice
 *   lock(lock[0])
 *   lock(lock[1])
 *   balance_of: lock(lock[0]): waits for herself
 *                                   lock(lock[0]): waits for alice
 *
 * In the end alice holds lock[0] and lock[1] and waits for lock[0]; bob holds nothing and waits for
 * lock[0]. If bob came first, bob holds both and waits for lock[1], and alice waits for lock[0].
 */
#include <pthread.h>
#include <snarl.h>

enum { ALICE, BOB, ACCOUNTS };

struct bank {
	pthread_mutex_t lock[ACCOUNTS]; /* lock[i] guards balance[i]; precedes lock[i + 1] */
	int balance[ACCOUNTS];
};

#include "common.h"

static int balance_of(struct bank *bank, int account)
{
	int balance;

	pthread_mutex_lock(&bank->lock[account]);
	balance = bank->balance[account];
	pthread_mutex_unlock(&bank->lock[account]);
	return balance;
}

static void transfer(struct bank *bank, int from, int to, int amount)
{
	int first = from < to ? from : to, second = from < to ? to : from;

	if (from == to)
		return; /* there is one lock only: it would be taken twice */
	pthread_mutex_lock(&bank->lock[first]);
	SNARL_POINT("transfer/has_first");
	pthread_mutex_lock(&bank->lock[second]);
	if (balance_of(bank, from) >= amount)
		move_money(bank, from, to, amount);
	pthread_mutex_unlock(&bank->lock[second]);
	pthread_mutex_unlock(&bank->lock[first]);
}

const struct snarl_scenario scenario = {
	.summary = "a helper locks a mutex that its caller holds, and that is not recursive",
	.refs = "CWE-764, CWE-833, OSTEP 32, TLPI 30.1, APUE 11.6",
	.state_size = sizeof(struct bank),
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = bank_setup,
	.check = no_money_lost,
	.teardown = bank_teardown,
	.observe = {"balance"},
	.expect = {.bug = SNARL_DEADLOCK},
};
