/*
 * teardown/condition_destroyed_in_use: the owner destroys the condition when she is done with it.
 *
 * Carol may still wait for it, and bob has yet to signal it: both are undefined. The C library here
 * makes the destroyer wait until all waiters were woken, and tolerates later calls.
 *
 *   users   alice                     bob                       carol
 *     3                                                         waits for complete
 *     3     writes 2 lines
 *     2     users = 2, unlock
 *     2     destroys complete                                   still waits for it
 *     2                               writes 2 lines
 *     2                               signals a destroyed condition
 */
#include "common.h"

static void leave(struct desk *desk, bool owner)
{
	bool last;

	pthread_mutex_lock(&desk->lock);
	last = --desk->users == 0;
	pthread_mutex_unlock(&desk->lock);
	SNARL_POINT("leave/left");
	if (owner)
		pthread_cond_destroy(&desk->complete);
	if (last)
		pthread_mutex_destroy(&desk->lock);
	if (last)
		hand_in(desk);
}

const struct snarl_scenario scenario = {
	.summary = "a condition that is destroyed while others need it",
	.refs = "CWE-826, CERT CON31-C",
	.state_size = sizeof(struct desk),
	.actors = {{"alice", alice}, {"bob", bob}, {"carol", carol}},
	.setup = desk_setup,
	.check = report_is_complete,
	.observe = {"users", "written", "handed_in"},
	.expect = {.bug = SNARL_ASSERTION,
		.race_in = "leave",
		.stress = SNARL_BLIND("the C library accepts a destroyed condition")},
};
