/*
 * check_then_act/missing_second_check: whoever had to wait for the lock does not look again.
 *
 * What the first check found is old when the lock is there at last: the other has made the object
 * meanwhile. A second one is made, and each actor has one of its own.
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
	struct settings storage[2]; /* room for one each; its maker's until instance is set */
	int made;		    /* how often: under lock */
	int area[2];		    /* as seen; each its actor's only */
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
	/* release: who sees the pointer sees the object as well */
	atomic_store_explicit(&shared->instance, settings, memory_order_release);
	pthread_mutex_unlock(&shared->lock);
	return settings;
}

const struct snarl_scenario scenario = {
	.summary = "what is not made yet is made under the lock, with no second look",
	.refs = "CWE-367, CERT CON43-C, OSTEP 32",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = setup,
	.check = made_once_and_whole,
	.teardown = teardown,
	.observe = {"made", "area"},
	.expect = {.bug = SNARL_ASSERTION},
};
