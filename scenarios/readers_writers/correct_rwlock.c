/*
 * readers_writers/correct_rwlock: a read-write lock, held for reading or for writing.
 *
 * Any number of readers hold the lock together, a writer holds it alone. (glibc's lock lets readers
 * pass a waiting writer unless it is configured otherwise: that is safe, but see
 * writer_starvation.)
 *
 *   readers   alice                     bob                       writer
 *      1      rdlock
 *      2                                rdlock
 *      2      left 0                                              wrlock: waits
 *      2      right 0, unlock           left 0
 *      1                                right 0, unlock
 *      0                                                          left = 1, right = 1, unlock
 */
#include <pthread.h>

enum { READERS = 2, READS = 4, WRITES = 1 };

struct shared {
	pthread_rwlock_t lock;
	int left, right;   /* always equal: under lock */
	int torn[READERS]; /* unequal pairs seen; each written by its reader only */
};

#include "common.h"

static void setup(void *state)
{
	struct shared *shared = state;

	pthread_rwlock_init(&shared->lock, NULL);
}

static void teardown(void *state)
{
	struct shared *shared = state;

	pthread_rwlock_destroy(&shared->lock);
}

static void read_lock(struct shared *shared)
{
	pthread_rwlock_rdlock(&shared->lock);
}

static void read_unlock(struct shared *shared)
{
	pthread_rwlock_unlock(&shared->lock);
}

static bool write_lock(struct shared *shared)
{
	return pthread_rwlock_wrlock(&shared->lock) == 0;
}

static void write_unlock(struct shared *shared)
{
	pthread_rwlock_unlock(&shared->lock);
}

const struct snarl_scenario scenario = {
	.summary = "a pair of numbers under a read-write lock",
	.refs = "CWE-362, CERT CON43-C, OSTEP 31, OSC 7.1",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", look_first}, {"bob", look_second}, {"writer", change}},
	.setup = setup,
	.check = pairs_whole,
	.teardown = teardown,
	.observe = {"left", "right", "torn"},
	.expect = {.bug = SNARL_NO_BUG},
};
