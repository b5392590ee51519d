/*
 * teardown/object_freed_in_use: the owner frees the report when she is done with it.
 *
 * The others may still need it. The lock keeps them out while she writes, but does not keep the
 * report alive for bob, who writes into freed memory, which may belong to somebody else by then.
 *
 *   users   alice                     bob
 *     3     writes 2 lines
 *     2     users = 2, unlock
 *     2     hands in 2 lines, frees
 *     2                               lock
 *     2                               report[2] = 1: after the free
 */
#include "common.h"

static void leave(struct desk *desk, bool owner)
{
	bool last;

	pthread_mutex_lock(&desk->lock);
	last = --desk->users == 0;
	pthread_mutex_unlock(&desk->lock);
	SNARL_POINT("leave/left");
	if (last)
		pthread_cond_destroy(&desk->complete);
	if (last)
		pthread_mutex_destroy(&desk->lock);
	if (owner)
		hand_in(desk);
}

const struct snarl_scenario scenario = {
	.summary = "a report that is freed while others still use it",
	.refs = "CWE-416, CERT MEM30-C, OSTEP 31",
	.state_size = sizeof(struct desk),
	.actors = {{"alice", alice}, {"bob", bob}, {"carol", carol}},
	.setup = desk_setup,
	.check = report_is_complete,
	.observe = {"users", "written", "handed_in"},
	.expect = {.bug = SNARL_LOST_ITEM | SNARL_CRASH,
		.race_in = "leave",
		.tsan = {.bug = SNARL_DATA_RACE | SNARL_CRASH | SNARL_LOST_ITEM}},
};
