/*
 * check_then_act/correct_double_checked_locking: the pointer that is read without the lock is
 * atomic.
 *
 * An actor that sees the pointer in the first check has acquired what its maker released: the whole
 * object. An actor that sees NULL takes the lock and checks again.
 *
 *   instance   alice                          bob
 *      -       first check: not made
 *      -       lock, second check: not made   first check: not made
 *      -       width = 6, height = 7          lock: waits
 *      X       instance = X, unlock
 *      X                                      second check: made, unlock
 *      X                                      reads 6, 7
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
	/* relaxed: the lock orders us after the actor that set it */
	settings = atomic_load_explicit(&shared->instance, memory_order_relaxed);
	if (!settings) {
		settings = &shared->storage[shared->made++];
		settings->width = 6;
		settings->height = 7;
		SNARL_POINT("settings_get/made");
		/* release: an actor that sees the pointer also sees the object */
		atomic_store_explicit(&shared->instance, settings, memory_order_release);
	}
	pthread_mutex_unlock(&shared->lock);
	return settings;
}

const struct snarl_scenario scenario = {
	.summary = "double-checked locking with an atomic pointer",
	.refs = "CWE-609, CERT CON43-C",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = setup,
	.check = made_once_and_whole,
	.teardown = teardown,
	.observe = {"made", "area"},
	.expect = {.bug = SNARL_NO_BUG},
};
