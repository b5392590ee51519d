/*
 * teardown/correct_last_user_frees: the last actor that leaves clears the desk.
 *
 * The users are counted under the lock. The actor that counts down to 0 knows that no other will
 * touch the lock, the condition or the report again, because each has released the lock before it
 * left.
 *
 *   users   alice                     bob                       carol
 *     3     writes 2 lines, lock
 *     2     users = 2, unlock         lock
 *     2                               writes 2 lines, unlock    lock
 *     2                               lock                      complete, unlock
 *     1                               users = 1, unlock         lock
 *     0                                                         users = 0, unlock
 *     0                                                         destroys and frees
 */
#include "common.h"

static void leave(struct desk *desk, bool owner)
{
	bool last;

	(void)owner;
	pthread_mutex_lock(&desk->lock);
	last = --desk->users == 0;
	pthread_mutex_unlock(&desk->lock);
	SNARL_POINT("leave/left");
	if (last)
		pthread_cond_destroy(&desk->complete);
	if (last)
		pthread_mutex_destroy(&desk->lock);
	if (last)
		hand_in(desk);
}

const struct snarl_scenario scenario = {
	.summary = "an object freed by its last user",
	.refs = "CWE-416, CERT MEM30-C, CERT CON31-C, OSTEP 31",
	.state_size = sizeof(struct desk),
	.actors = {{"alice", alice}, {"bob", bob}, {"carol", carol}},
	.setup = desk_setup,
	.check = report_is_complete,
	.observe = {"users", "written", "handed_in"},
	.expect = {.bug = SNARL_NO_BUG},
};
