/*
 * fork_and_locks/lock_held_at_fork: the child waits for a thread that it does not have.
 *
 * fork copies all memory, but of the threads only the calling one. If another thread holds a lock
 * at that moment, the lock is held in the child too, where its holder does not exist: it will never
 * be released there.
 *
 *   worker             forker              child
 *   lock
 *                      fork                (the lock is held, the worker is not here)
 *   unlock                                 lock: waits
 *                      waitpid: waits
 */
#include <snarl.h>

#include "common.h"

static void fork_prepare(struct shop *shop)
{
	(void)shop;
}

static void child(struct shop *shop)
{
	log_write(shop, "child");
	_exit(0);
}

const struct snarl_scenario scenario = {
	.summary = "a child takes a lock that another thread held at the fork",
	.refs = "fork(2), pthread_atfork(3); CWE-833; TLPI 33.3; APUE 12.9",
	.state_size = sizeof(struct shop),
	.actors = {{"worker", worker}, {"forker", forker}},
	.setup = shop_setup,
	.check = child_went_ok,
	.teardown = shop_teardown,
	.observe = {"entries", "child_went_ok"},
	.expect = {.bug = SNARL_DEADLOCK | SNARL_HANG,
		.explore = SNARL_SKIPPED("an actor is a fiber there, which cannot fork")},
};
