/*
 * fork_and_locks/correct_fork_then_exec: the child takes no lock, it becomes another program.
 *
 * Between fork and exec it does nothing that might need the threads it has not, and exec leaves the
 * locks behind.
 *
 *   worker             forker              child
 *   lock
 *                      fork                (the lock is held, the worker is not here)
 *   unlock                                 exec: there is no such lock
 */
#include <snarl.h>

#include "common.h"

static void fork_prepare(struct shop *shop)
{
	(void)shop;
}

static void child(struct shop *shop)
{
	(void)shop;
	execl("/bin/true", "true", (char *)NULL);
	_exit(127);
}

const struct snarl_scenario scenario = {
	.summary = "a child becomes another program at once",
	.refs = "fork(2), signal-safety(7); TLPI 33.3; APUE 12.9",
	.state_size = sizeof(struct shop),
	.actors = {{"worker", worker}, {"forker", forker}},
	.setup = shop_setup,
	.check = child_went_ok,
	.teardown = shop_teardown,
	.observe = {"entries", "child_went_ok"},
	.expect = {.bug = SNARL_NO_BUG,
		.explore = SNARL_SKIPPED("an actor is a fiber there, which cannot fork")},
};
