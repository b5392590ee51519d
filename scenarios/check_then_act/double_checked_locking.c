/*
 * check_then_act/double_checked_locking: the pointer that is read without the lock is a plain one.
 *
 * The first check is not ordered with the writes: neither the compiler nor a CPU that reorders
 * stores has to make the object visible before the pointer. x86 does not reorder stores.
 *
 *   instance   alice                          bob
 *      -       first check: not made
 *      -       lock, second check: not made
 *      X       instance = X, made visible early
 *      X                                      first check: made
 *      X                                      reads 0, 0
 *      X       width = 6, height = 7, made visible late
 */
#include <pthread.h>

struct settings {
	int width, height;
};

struct shared {
	pthread_mutex_t lock;	    /* guards made, and each change of instance */
	struct settings *instance;  /* NULL: not made yet; under lock, except in the first check */
	struct settings storage[2]; /* room for one per actor; its maker's until instance is set */
	int made;		    /* objects made: under lock */
	int area[2];		    /* as seen; each used by its actor only */
};

#include "settings.h"

static struct settings *settings_get(struct shared *shared)
{
	struct settings *settings = shared->instance;

	SNARL_POINT("settings_get/first_check");
	if (settings)
		return settings;
	pthread_mutex_lock(&shared->lock);
	settings = shared->instance;
	if (!settings) {
		settings = &shared->storage[shared->made++];
		settings->width = 6;
		settings->height = 7;
		SNARL_POINT("settings_get/made");
		shared->instance = settings;
	}
	pthread_mutex_unlock(&shared->lock);
	return settings;
}

const struct snarl_scenario scenario = {
	.summary = "double-checked locking with a plain pointer",
	.refs = "CWE-609, CERT CON43-C",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = setup,
	.check = made_once_and_whole,
	.teardown = teardown,
	.observe = {"instance", "made", "area"},
	.expect = {.bug = SNARL_DATA_RACE | SNARL_STALE_READ,
		.race_in = "settings_get",
		.stress = SNARL_MAY("x86 keeps stores in order: only a weaker machine, or a "
				    "compiler, lets the pointer out first")},
};
