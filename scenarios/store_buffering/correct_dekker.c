/*
 * store_buffering/correct_dekker: Dekker's lock with sequentially consistent atomics.
 *
 * All these loads and stores have one total order, so of two actors that want to enter, at least
 * one sees the other's wish. It withdraws its own wish unless the turn is its own, and lets the
 * other pass.
 *
 *   turn    alice                     bob
 *   alice   wants[alice] = 1
 *   alice                             wants[bob] = 1
 *   alice                             alice wants it, and it is her turn: wants[bob] = 0
 *   alice   bob does not want it: enters
 *   bob     turn = bob
 *   bob     wants[alice] = 0
 *   bob                               it is my turn: wants[bob] = 1
 *   bob                               alice does not want it: enters
 */
#include <stdatomic.h>

struct shared {
	_Atomic int wants[2]; /* by actor: each written by its own actor only */
	_Atomic int turn;     /* actor that insists when both want to: written under the lock */
	int counter;	      /* under the lock that wants and turn form */
};

#include "common.h"

static void enter(struct shared *shared, int me)
{
	int other = !me, spins = 0;

	SNARL_POINT("enter/trying");
	atomic_store(&shared->wants[me], 1);
	while (atomic_load(&shared->wants[other])) {
		if (atomic_load(&shared->turn) == other) {
			atomic_store(&shared->wants[me], 0);
			/* Check wants too: had the lock failed, turn might stay wrong forever. */
			while (atomic_load(&shared->turn) == other &&
				atomic_load(&shared->wants[other]))
				wait_round(&spins);
			atomic_store(&shared->wants[me], 1);
		}
		wait_round(&spins);
	}
}

static void leave(struct shared *shared, int me)
{
	atomic_store(&shared->turn, !me);
	atomic_store(&shared->wants[me], 0);
}

const struct snarl_scenario scenario = {
	.summary = "Dekker's lock, sequentially consistent",
	.refs = "CWE-362, CERT CON07-C, OSTEP 28, OSC 6.3",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", alice}, {"bob", bob}},
	.check = nothing_lost,
	.observe = {"wants", "turn", "counter"},
	.expect = {.bug = SNARL_NO_BUG},
};
