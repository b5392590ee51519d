/*
 * store_buffering/correct_peterson: Peterson's lock with sequentially consistent atomics.
 *
 * All these loads and stores have one total order. In it, one of the two actors is the last to give
 * the turn to the other; it then sees the other's wish, and waits.
 *
 *   turn    alice                     bob
 *           wants[alice] = 1
 *                                     wants[bob] = 1
 *   bob     turn = bob
 *   alice                             turn = alice
 *   alice                             alice wants it, and it is her turn: wait
 *   alice   turn is alice: enters
 *   alice   wants[alice] = 0
 *   alice                             alice does not want it: enters
 */
#include <stdatomic.h>

struct shared {
	_Atomic int wants[2]; /* by actor: each written by its own actor only */
	_Atomic int turn;     /* actor that goes first when both want to */
	int counter;	      /* under the lock that wants and turn form */
};

#include "common.h"

static void enter(struct shared *shared, int me)
{
	int other = !me, spins = 0;

	SNARL_POINT("enter/trying");
	atomic_store(&shared->wants[me], 1);
	atomic_store(&shared->turn, other);
	while (atomic_load(&shared->wants[other]) && atomic_load(&shared->turn) == other)
		wait_round(&spins);
}

static void leave(struct shared *shared, int me)
{
	atomic_store(&shared->wants[me], 0);
}

const struct snarl_scenario scenario = {
	.summary = "Peterson's lock, sequentially consistent",
	.refs = "CWE-362, CERT CON07-C, OSTEP 28, OSC 6.3",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", alice}, {"bob", bob}},
	.check = nothing_lost,
	.observe = {"wants", "turn", "counter"},
	.expect = {.bug = SNARL_NO_BUG},
};
