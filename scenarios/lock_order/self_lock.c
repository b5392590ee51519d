/*
 * lock_order/self_lock: alice pays herself, and takes one lock twice.
 *
 * The order of the two locks is kept, but there is only one, because `from` and `to` are the same
 * account. A normal mutex does not check who holds it, so alice waits for herself.
 *
 *   alice pays alice                bob pays alice
 *   lock(lock[0])
 *   lock(lock[0]): waits for herself
 *                                   lock(lock[0]): waits for alice
 *
 * In the end alice holds lock[0] and waits for lock[0]; bob is done, or holds nothing and waits for
 * lock[0].
 */
#include <pthread.h>
#include <snarl.h>

enum { ALICE, BOB, ACCOUNTS };

struct bank {
	pthread_mutex_t lock[ACCOUNTS]; /* lock[i] guards balance[i]; precedes lock[i + 1] */
	int balance[ACCOUNTS];
};

#include "common.h"

static void alice_to_alice(void *state, struct snarl_actor *self)
{
	(void)self;
	transfer(state, ALICE, ALICE, AMOUNT);
}

static void transfer(struct bank *bank, int from, int to, int amount)
{
	int first = from < to ? from : to, second = from < to ? to : from;

	pthread_mutex_lock(&bank->lock[first]);
	SNARL_POINT("transfer/has_first");
	pthread_mutex_lock(&bank->lock[second]);
	if (bank->balance[from] >= amount)
		move_money(bank, from, to, amount);
	pthread_mutex_unlock(&bank->lock[second]);
	pthread_mutex_unlock(&bank->lock[first]);
}

const struct snarl_scenario scenario = {
	.summary = "a transfer from an account to itself takes its lock twice",
	.refs = "CWE-764, CWE-833, OSTEP 32, TLPI 30.1, APUE 11.6",
	.state_size = sizeof(struct bank),
	.actors = {{"alice", alice_to_alice}, {"bob", bob}},
	.setup = bank_setup,
	.check = no_money_lost,
	.teardown = bank_teardown,
	.observe = {"balance"},
	.expect = {.bug = SNARL_DEADLOCK, .cycle = "alice -> lock[0] -> alice"},
};
