/*
 * lock_order/three_way_cycle: each transfer takes the lock of the payer first, in a ring of three.
 *
 * No two of them ever want the same two locks, so no pair takes them in a wrong order: only all
 * three together close the cycle. A search for pairs of actors does not find it.
 *
 *   alice pays bob              bob pays carol              carol pays alice
 *   lock(lock[0])
 *                               lock(lock[1])
 *                                                           lock(lock[2])
 *   lock(lock[1]): waits
 *                               lock(lock[2]): waits
 *                                                           lock(lock[0]): waits
 *
 * In the end alice holds lock[0] and waits for lock[1]; bob holds lock[1] and waits for lock[2];
 * carol holds lock[2] and waits for lock[0].
 */
#include <pthread.h>
#include <snarl.h>

enum { ALICE, BOB, CAROL, ACCOUNTS };

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
	.summary = "three transfers in a ring; each takes the payer's lock first",
	.refs = "CWE-833, CERT CON35-C, CERT POS51-C, OSTEP 32, OSC 8.5",
	.state_size = sizeof(struct bank),
	.actors = {{"alice", alice}, {"bob", bob}, {"carol", carol}},
	.setup = bank_setup,
	.check = no_money_lost,
	.teardown = bank_teardown,
	.observe = {"balance"},
	.expect = {.bug = SNARL_DEADLOCK,
		.cycle = "alice -> lock[1] -> bob -> lock[2] -> carol -> lock[0] -> alice",
		.tsan = {.bug = SNARL_LOCK_ORDER | SNARL_DEADLOCK}},
};
