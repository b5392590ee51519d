/*
 * readers_writers/upgrade_deadlock: two readers want to write, and neither stops reading.
 *
 * An upgrade waits until nobody else reads. Two upgrades wait for each other: each could continue
 * if the other reader stopped reading, but neither does.
 *
 *   readers   alice                         bob
 *      1      reads 0
 *      2                                    reads 0
 *      2      upgrade: waits for bob
 *      2                                    upgrade: waits for alice
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

/* Always return true: wait as long as it takes. */
static bool upgrade(struct shared *shared)
{
	pthread_mutex_lock(&shared->lock);
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
	.summary = "two upgrades of a read lock, each waiting for the other to stop reading",
	.refs = "CWE-833, OSTEP 32, OSC 8.3",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", update}, {"bob", update}},
	.setup = setup,
	.check = both_written,
	.teardown = teardown,
	.observe = {"readers", "upgrading", "writing", "value"},
	.expect = {.bug = SNARL_DEADLOCK},
};
