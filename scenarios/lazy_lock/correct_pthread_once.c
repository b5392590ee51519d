/*
 * lazy_lock/correct_pthread_once: POSIX initialises the lock once, for all callers.
 *
 * The first caller of pthread_once runs the initialiser. A caller that comes while it runs waits
 * until it has returned, so that no caller goes on with a lock that is not ready.
 *
 *   balance   alice                      bob
 *      0      pthread_once: the first
 *      0                                 pthread_once: waits for alice
 *      0      init(lock), returns
 *      0      lock(lock), loads 0
 *      0                                 returns, lock(lock): waits for alice
 *      1      balance = 1, unlock
 *      2                                 loads 1, balance = 2, unlock
 */
#include <pthread.h>

struct box {
	pthread_once_t once;  /* of lock's initialisation */
	pthread_mutex_t lock; /* guards balance */
	int balance;
};

#include "common.h"

/* The initialiser's argument, because pthread_once passes none. */
static _Thread_local struct box *box_to_initialise;

static void initialise(void)
{
	SNARL_POINT("initialise/begins");
	pthread_mutex_init(&box_to_initialise->lock, NULL);
}

static pthread_mutex_t *lock_of(struct box *box)
{
	box_to_initialise = box;
	pthread_once(&box->once, initialise);
	return &box->lock;
}

static void setup(void *state)
{
	struct box *box = state;

	box->once = (pthread_once_t)PTHREAD_ONCE_INIT;
}

static void teardown(void *state)
{
	struct box *box = state;

	pthread_mutex_destroy(&box->lock);
}

const struct snarl_scenario scenario = {
	.summary = "a mutex initialised on first use by pthread_once",
	.refs = "CWE-362, TLPI 31.2",
	.state_size = sizeof(struct box),
	.actors = {{"alice", deposit}, {"bob", deposit}},
	.setup = setup,
	.check = no_coin_lost,
	.teardown = teardown,
	.observe = {"balance"},
	.expect = {.bug = SNARL_NO_BUG},
};
