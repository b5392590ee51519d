/*
 * teardown/lock_destroyed_in_use: the owner destroys the lock when she is done with it.
 *
 * Bob and carol still lock it, hold it, or wait for it: all of that is undefined. The C library
 * here refuses a destroyed lock with an error that nobody checks, so that they continue without it.
 * An actor that held it then cannot release it, and a waiter waits forever.
 *
 *   users   alice                     bob                       carol
 *     3     writes 2 lines
 *     3     lock                      lock: waits               lock: waits
 *     2     users = 2, unlock
 *     2     destroys the lock         has it
 *     2                               written = 3
 *     2                               unlock: EINVAL            waits forever
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
	if (owner)
		pthread_mutex_destroy(&desk->lock);
	if (last)
		hand_in(desk);
}

const struct snarl_scenario scenario = {
	.summary = "a lock that is destroyed while others need it",
	.refs = "CWE-826, CERT CON31-C, CERT POS48-C",
	.state_size = sizeof(struct desk),
	.actors = {{"alice", alice}, {"bob", bob}, {"carol", carol}},
	.setup = desk_setup,
	.check = report_is_complete,
	.observe = {"users", "written", "handed_in"},
	.expect = {.bug = SNARL_ASSERTION,
		.race_in = "write_lines",
		.stress = {.bug = SNARL_DEADLOCK | SNARL_LOST_WAKEUP | SNARL_STARVATION},
		.tsan = {.bug = SNARL_DATA_RACE | SNARL_ASSERTION | SNARL_DEADLOCK |
				SNARL_LOST_WAKEUP | SNARL_STARVATION}},
};
