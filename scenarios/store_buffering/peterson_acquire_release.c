/*
 * store_buffering/peterson_acquire_release: Peterson's lock with release stores and acquire loads.
 *
 * They pass on what was written under the lock from the actor that leaves to the one that enters
 * next. But a release store may still wait in the processor's store buffer while a later acquire
 * load is made: only sequential consistency keeps the order of a store and a later load.
 *
 *   wants   alice                          bob
 *    0 0    wants[alice] = 1, buffered
 *    0 0                                   wants[bob] = 1, buffered
 *    0 0    bob does not want it: enters
 *    0 0                                   alice does not want it: enters
 *    1 1    seen = counter                 seen = counter
 *    1 1    counter = seen + 1             counter = seen + 1: an update is lost
 */
#include <stdatomic.h>

struct shared {
	_Atomic int wants[2]; /* by actor: each written by its own actor only */
	_Atomic int turn;     /* actor that goes first when both want to */
	int counter;	      /* meant to be under the lock that wants and turn form */
};

#include "common.h"

static void enter(struct shared *shared, int me)
{
	int other = !me, spins = 0;

	SNARL_POINT("enter/trying");
	atomic_store_explicit(&shared->wants[me], 1, memory_order_release);
	atomic_store_explicit(&shared->turn, other, memory_order_release);
	while (atomic_load_explicit(&shared->wants[other], memory_order_acquire) &&
		atomic_load_explicit(&shared->turn, memory_order_acquire) == other)
		wait_round(&spins);
}

static void leave(struct shared *shared, int me)
{
	atomic_store_explicit(&shared->wants[me], 0, memory_order_release);
}

const struct snarl_scenario scenario = {
	.summary = "Peterson's lock in release stores and acquire loads",
	.refs = "CWE-821, CERT CON07-C, OSTEP 28, OSC 6.3",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", alice}, {"bob", bob}},
	.check = nothing_lost,
	.observe = {"wants", "turn", "counter"},
	.expect = {.bug = SNARL_LOST_UPDATE,
		.race_in = "count",
		.tsan = SNARL_BLIND("TSan locks at each release store, which empties the buffer"),
		.explore = SNARL_BLIND(
			"explore is sequentially consistent as yet: no store waits in a buffer")},
};
