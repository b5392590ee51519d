/*
 * check_then_act/missing_second_check: an actor that has waited for the lock does not check again.
 *
 * The result of the first check is out of date by the time the lock is acquired: the other actor
 * has made the object meanwhile. A second object is made, and each actor has one of its own.
 *
 *   instance   alice                          bob
 *      -       first check: not made
 *      -                                      first check: not made
 *      -       lock, makes X                  lock: waits
 *      X       instance = X, unlock
 *      Y                                      makes Y, instance = Y, unlock
 */
#include <pthread.h>
#include <stdatomic.h>

struct settings {
	int width, height;
};

struct shared {
	pthread_mutex_t lock;		   /* guards made, and each change of instance */
	struct settings *_Atomic instance; /* NULL: not made yet */
	struct settings storage[2]; /* room for one per actor; its maker's until instance is set */
	int made;		    /* objects made: under lock */
	int area[2];		    /* as seen; each used by its actor only */
};

#include "settings.h"

static struct settings *settings_get(struct shared *shared)
{
	/* acquire: the object was made before the pointer was set */
	struct settings *settings = atomic_load_explicit(&shared->instance, memory_order_acquire);

	SNARL_POINT("settings_get/first_check");
	if (settings)
		return settings;
	pthread_mutex_lock(&shared->lock);
	settings = &shared->storage[shared->made++];
	settings->width = 6;
	settings->height = 7;
	SNARL_POINT("settings_get/made");
	/* release: an actor that sees the pointer also sees the object */
	atomic_store_explicit(&shared->instance, settings, memory_order_release);
	pthread_mutex_unlock(&shared->lock);
	return settings;
}

const struct snarl_scenario scenario = {
	.summary = "double-checked locking without the second check",
	.refs = "CWE-367, CERT CON43-C, OSTEP 32",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = setup,
	.check = made_once_and_whole,
	.teardown = teardown,
	.observe = {"made", "area"},
	.expect = {.bug = SNARL_ASSERTION},
};
