/*
 * lock_order/correct_gate_lock: the payer's lock first, but only behind a gate.
 *
 * The two locks are taken in both orders, but never by two actors at a time, because an actor holds
 * the gate until it has both. An actor that waits for the gate holds nothing, so no cycle can
 * close. A detector that knows only which lock was held when another was taken reports a potential
 * deadlock.
 *
 *   alice pays bob                  bob pays alice
 *   lock(gate), lock(lock[0])
 *                                   lock(gate): waits, and holds nothing
 *   lock(lock[1]), unlock(gate)
 *                                   lock(lock[1]): waits for alice, who waits for nobody
 *   moves the money, unlocks both
 *                                   lock(lock[0]), unlock(gate)
 */
#include <pthread.h>
#include <snarl.h>

enum { ALICE, BOB, ACCOUNTS };

struct bank {
	pthread_mutex_t gate;		/* guards the taking of two locks; precedes them */
	pthread_mutex_t lock[ACCOUNTS]; /* lock[i] guards balance[i]; no order, see gate */
	int balance[ACCOUNTS];
};

#include "common.h"

static void setup(void *state)
{
	struct bank *bank = state;

	bank_setup(state);
	pthread_mutex_init(&bank->gate, NULL);
}

static void teardown(void *state)
{
	struct bank *bank = state;

	pthread_mutex_destroy(&bank->gate);
	bank_teardown(state);
}

static void transfer(struct bank *bank, int from, int to, int amount)
{
	int first = from, second = to;

	if (from == to)
		return; /* there is one lock only: it would be taken twice */
	pthread_mutex_lock(&bank->gate);
	pthread_mutex_lock(&bank->lock[first]);
	SNARL_POINT("transfer/has_first");
	pthread_mutex_lock(&bank->lock[second]);
	pthread_mutex_unlock(&bank->gate);
	if (bank->balance[from] >= amount)
		move_money(bank, from, to, amount);
	pthread_mutex_unlock(&bank->lock[second]);
	pthread_mutex_unlock(&bank->lock[first]);
}

const struct snarl_scenario scenario = {
	.summary = "two opposite transfers that take both locks behind a gate lock",
	.refs = "CWE-833, CERT CON35-C, CERT POS51-C, OSTEP 32, OSC 8.5",
	.state_size = sizeof(struct bank),
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = setup,
	.check = no_money_lost,
	.teardown = teardown,
	.observe = {"balance"},
	.expect = {.bug = SNARL_NO_BUG,
		.tsan = {.detection = SNARL_MAY_SEE,
			.bug = SNARL_LOCK_ORDER,
			.why = "TSan sees both orders, and not that the gate keeps them apart"}},
};
