/*
 * fork_and_locks/correct_fork_then_exec: the child takes no lock before it calls exec.
 *
 * Between fork and exec the child does nothing that might need the threads that it does not have.
 * exec replaces the memory, and the locks with it.
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
	.summary = "a child of a process with threads that calls exec at once",
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
