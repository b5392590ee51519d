/*
 * lazy_lock/initialised_twice: an actor initialises the lock if it has not been initialised yet.
 *
 * Both actors may find that it has not been, and then both initialise it. The flag is atomic, but
 * the check and the initialisation are not one step. An initialisation frees the lock even if an
 * actor holds it, so that both actors are in the critical section.
 *
 *   ready  balance   alice                      bob
 *     0       0                                 ready? no
 *     1       0      ready? no: init(lock)
 *     1       0      lock(lock), loads 0
 *     1       0                                 init(lock): free again
 *     1       0                                 lock(lock), loads 0
 *     1       1      balance = 1
 *     1       1                                 balance = 1: a coin is lost
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct box {
	atomic_bool ready;    /* lock is initialised */
	pthread_mutex_t lock; /* guards balance */
	int balance;
};

#include "common.h"

static pthread_mutex_t *lock_of(struct box *box)
{
	if (!atomic_load(&box->ready)) {
		SNARL_POINT("lock_of/not_ready");
		pthread_mutex_init(&box->lock, NULL);
		atomic_store(&box->ready, true);
	}
	return &box->lock;
}

static void teardown(void *state)
{
	struct box *box = state;

	pthread_mutex_destroy(&box->lock);
}

const struct snarl_scenario scenario = {
	.summary = "a mutex that two threads initialise on first use, one while the other holds it",
	.refs = "CWE-367, CWE-362, CERT CON43-C, TLPI 31.2",
	.state_size = sizeof(struct box),
	.actors = {{"alice", deposit}, {"bob", deposit}},
	.check = no_coin_lost,
	.teardown = teardown,
	.observe = {"ready", "balance"},
	.expect = {.bug = SNARL_LOST_UPDATE | SNARL_ASSERTION,
		.race_in = "lock_of",
		/*
		 * crash: glibc asserts, where it checks, that a free lock has no owner; deadlock,
		 * hang: whoever waits for the lock is not woken if it was initialised meanwhile
		 */
		.stress = {.bug = SNARL_LOST_UPDATE | SNARL_CRASH | SNARL_DEADLOCK | SNARL_HANG},
		.tsan = {.bug = SNARL_DATA_RACE | SNARL_ASSERTION | SNARL_DEADLOCK | SNARL_HANG}},
};
