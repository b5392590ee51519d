/*
 * lock_order/correct_join_unlocked: alice waits for her courier first, and locks afterwards.
 *
 * While she waits she holds nothing that the courier may need. When the courier has ended, the
 * money has left her account, and she needs the lock only to read the balance.
 *
 *   alice                           her courier
 *   create(courier)
 *   join(courier): waits
 *                                   lock(lock[0]), lock(lock[1])
 *                                   moves the money, unlocks both, ends
 *   lock(lock[0])
 *   statement = balance[0]
 */
#include <pthread.h>
#include <snarl.h>

enum { ALICE, BOB, ACCOUNTS };

struct bank {
	pthread_mutex_t lock[ACCOUNTS]; /* lock[i] guards balance[i]; precedes lock[i + 1] */
	int balance[ACCOUNTS];
	int statement; /* alice's: what she had after paying bob */
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

/* The courier: pays bob in alice's name. */
static void *carry(void *argument)
{
	pay(argument, ALICE);
	return NULL;
}

static void alice_by_courier(void *state, struct snarl_actor *self)
{
	struct bank *bank = state;
	pthread_t courier;

	(void)self;
	if (pthread_create(&courier, NULL, carry, bank) != 0)
		return;
	pthread_join(courier, NULL);
	pthread_mutex_lock(&bank->lock[ALICE]);
	SNARL_POINT("statement/has_lock");
	bank->statement = bank->balance[ALICE];
	pthread_mutex_unlock(&bank->lock[ALICE]);
}

const struct snarl_scenario scenario = {
	.summary = "a thread that is joined before its creator takes a lock",
	.refs = "CWE-833, OSTEP 32, APUE 11.6",
	.state_size = sizeof(struct bank),
	.actors = {{"alice", alice_by_courier}, {"bob", bob}},
	.setup = bank_setup,
	.check = no_money_lost,
	.teardown = bank_teardown,
	.observe = {"balance", "statement"},
	.expect = {.bug = SNARL_NO_BUG},
};
