/*
 * store_buffering/peterson_volatile: Peterson's lock as in the textbook, with volatile ints.
 *
 * A processor puts its stores into a buffer and continues with its loads, so that each actor may
 * load the other's wish while its own has not left the buffer. volatile makes the compiler emit all
 * accesses in their order, but does not bind the processor.
 *
 *   wants   alice                          bob
 *    0 0    wants[alice] = 1, buffered
 *    0 0                                   wants[bob] = 1, buffered
 *    0 0    bob does not want it: enters
 *    0 0                                   alice does not want it: enters
 *    1 1    seen = counter                 seen = counter
 *    1 1    counter = seen + 1             counter = seen + 1: an update is lost
 */
struct shared {
	volatile int wants[2]; /* by actor: each written by its own actor only */
	volatile int turn;     /* actor that goes first when both want to */
	int counter;	       /* meant to be under the lock that wants and turn form */
};

#include "common.h"

static void enter(struct shared *shared, int me)
{
	int other = !me, spins = 0;

	SNARL_POINT("enter/trying");
	shared->wants[me] = 1;
	shared->turn = other;
	while (shared->wants[other] && shared->turn == other)
		wait_round(&spins);
}

static void leave(struct shared *shared, int me)
{
	shared->wants[me] = 0;
}

const struct snarl_scenario scenario = {
	.summary = "Peterson's lock in volatile ints",
	.refs = "CWE-821, CERT CON02-C, OSTEP 28, OSC 6.3",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", alice}, {"bob", bob}},
	.check = nothing_lost,
	.observe = {"wants", "turn", "counter"},
	.expect = {.bug = SNARL_LOST_UPDATE, .race_in = "enter"},
};
