/*
 * readers_writers/correct_upgrade: one of two readers that want to write gives way.
 *
 * An upgrade waits until nobody else reads. A reader that finds another upgrade waiting stops
 * reading and begins again, because what it has read will be stale by the time it may write.
 *
 *   readers   alice                         bob
 *      2      reads 0                       reads 0
 *      2      upgrade: waits for bob
 *      2                                    upgrade: alice was first
 *      1                                    stops reading
 *      0      alone: value = 1, leaves
 *      1                                    reads 1
 *      0                                    upgrade: alone: value = 2, leaves
 */
#include <pthread.h>
#include <stdbool.h>

struct shared {
	pthread_mutex_t lock; /* guards readers, upgrading and writing */
	pthread_cond_t changed;
	int readers;	/* inside */
	bool upgrading; /* a reader waits to be the only one */
	bool writing;	/* a writer is inside */
	int value;	/* used only inside */
};

#include "mutex_cond.h"

static void read_lock(struct shared *shared)
{
	pthread_mutex_lock(&shared->lock);
	while (shared->writing || shared->upgrading)
		pthread_cond_wait(&shared->changed, &shared->lock);
	shared->readers++;
	pthread_mutex_unlock(&shared->lock);
}

/* Return false, and stop reading, if another reader is to write first. */
static bool upgrade(struct shared *shared)
{
	pthread_mutex_lock(&shared->lock);
	if (shared->upgrading) {
		shared->readers--;
		pthread_cond_broadcast(&shared->changed);
		pthread_mutex_unlock(&shared->lock);
		return false;
	}
	shared->upgrading = true;
	while (shared->readers > 1)
		pthread_cond_wait(&shared->changed, &shared->lock);
	shared->upgrading = false;
	shared->readers--;
	shared->writing = true;
	pthread_mutex_unlock(&shared->lock);
	return true;
}

static void update(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;
	int seen;

	(void)self;
	do {
		read_lock(shared);
		seen = shared->value;
		SNARL_POINT("update/seen");
	} while (!upgrade(shared));
	shared->value = seen + 1;
	write_unlock(shared);
}

static void both_written(void *state)
{
	struct shared *shared = state;

	snarl_expect_eq(SNARL_LOST_UPDATE, shared->value, 2, "value");
}

const struct snarl_scenario scenario = {
	.summary = "upgrade of a read lock: one reader waits, the other begins again",
	.refs = "CWE-833, OSTEP 32, OSC 8.3",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", update}, {"bob", update}},
	.setup = setup,
	.check = both_written,
	.teardown = teardown,
	.observe = {"readers", "upgrading", "writing", "value"},
	.expect = {.bug = SNARL_NO_BUG},
};
