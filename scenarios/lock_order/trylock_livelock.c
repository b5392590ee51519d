/*
 * lock_order/trylock_livelock: each actor gives up its lock, because the other one wants it.
 *
 * Each announces which account it wants before it locks its own, and gives way if its own is
 * wanted. When both have announced, both give way again and again, like two polite people in a
 * corridor. Neither is blocked, both use the processor, and neither finishes.
 *
 *   alice pays bob                      bob pays alice
 *   wanted[1] = 1
 *                                       wanted[0] = 1
 *   lock(lock[0])
 *   wanted[0]? yes: unlock(lock[0])
 *                                       lock(lock[1])
 *                                       wanted[1]? yes: unlock(lock[1])
 *   lock(lock[0])                       and so on, forever
 *
 * In the end nobody waits for a lock: alice runs as long as wanted[0] is 1, bob as long as
 * wanted[1] is.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <snarl.h>

enum { ALICE, BOB, ACCOUNTS };

struct bank {
	pthread_mutex_t lock[ACCOUNTS]; /* lock[i] guards balance[i]; no order */
	int balance[ACCOUNTS];
	_Atomic int wanted[ACCOUNTS]; /* wanted[i]: actors that want to pay into i */
};

#include "common.h"

static void transfer(struct bank *bank, int from, int to, int amount)
{
	bool done;

	if (from == to)
		return; /* there is one lock only: it would be taken twice */
	atomic_fetch_add(&bank->wanted[to], 1);
	for (;;) {
		pthread_mutex_lock(&bank->lock[from]);
		SNARL_POINT("transfer/has_first");
		/* After you: an actor that wants the account that we hold goes first. */
		done = !atomic_load(&bank->wanted[from]) &&
		       pthread_mutex_trylock(&bank->lock[to]) == 0;
		if (done && bank->balance[from] >= amount)
			move_money(bank, from, to, amount);
		if (done)
			pthread_mutex_unlock(&bank->lock[to]);
		pthread_mutex_unlock(&bank->lock[from]);
		if (done)
			break;
		sched_yield(); /* let the other one have both */
	}
	atomic_fetch_sub(&bank->wanted[to], 1);
}

const struct snarl_scenario scenario = {
	.summary = "two opposite transfers that give way to each other forever",
	.refs = "CWE-667, OSTEP 32, OSC 8.2",
	.state_size = sizeof(struct bank),
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = bank_setup,
	.check = no_money_lost,
	.teardown = bank_teardown,
	.observe = {"balance", "wanted"},
	.expect = {.bug = SNARL_LIVELOCK},
};
