/*
 * fork_and_locks/correct_lock_around_fork: the forking thread holds the lock during the fork.
 *
 * No other thread holds the lock then, and no log entry is half written. Both processes have the
 * thread that holds the lock, so both can release it. pthread_atfork registers handlers that do
 * this at every fork, whichever thread forks.
 *
 *   worker             forker              child
 *   lock
 *                      fork: lock, waits
 *   unlock
 *                      unlock              unlock
 *   lock                                   lock
 */
#include <snarl.h>

#include "common.h"

/* The state of the thread that forks, because fork handlers get no argument. */
static _Thread_local struct shop *shop_here;

static void before_fork(void)
{
	if (shop_here)
		pthread_mutex_lock(&shop_here->lock);
}

static void after_fork(void)
{
	if (shop_here)
		pthread_mutex_unlock(&shop_here->lock);
}

static void fork_prepare(struct shop *shop)
{
	shop_here = shop;
}

static void child(struct shop *shop)
{
	log_write(shop, "child");
	_exit(0);
}

static void setup(void *state)
{
	shop_setup(state);
	pthread_atfork(before_fork, after_fork, after_fork);
}

const struct snarl_scenario scenario = {
	.summary = "a lock taken at fork by pthread_atfork, and released in parent and child",
	.refs = "fork(2), pthread_atfork(3); TLPI 33.3; APUE 12.9",
	.state_size = sizeof(struct shop),
	.isolation = SNARL_FRESH_PROCESS, /* handlers of fork stay as long as their process */
	.actors = {{"worker", worker}, {"forker", forker}},
	.setup = setup,
	.check = child_went_ok,
	.teardown = shop_teardown,
	.observe = {"entries", "child_went_ok"},
	.expect = {.bug = SNARL_NO_BUG,
		.explore = SNARL_SKIPPED("an actor is a fiber there, which cannot fork")},
};
