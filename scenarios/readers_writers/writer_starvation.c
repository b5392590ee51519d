/*
 * readers_writers/writer_starvation: readers go in as long as no writer is inside.
 *
 * A reader does not check whether a writer waits. Readers that came long after the writer take
 * turns inside, and as long as one of them always is inside, the writer waits forever.
 *
 *   inside   alice                     bob                       writer
 *     1      comes in
 *     1                                                          1 reader inside: waits
 *     2                                no writer inside: in
 *     1      leaves
 *     2      comes in again
 *     1                                leaves
 *     2                                comes in again            still waits
 */
#include <pthread.h>
#include <stdbool.h>

enum { READERS = 2, READS = 4, WRITES = 1 };

struct shared {
	pthread_mutex_t lock; /* guards readers, writing, writers_waiting and overtaken */
	pthread_cond_t changed;
	int readers;	     /* inside */
	bool writing;	     /* a writer is inside */
	int writers_waiting; /* at the door */
	int overtaken;	     /* readers that went ahead of a waiting writer */
	int left, right;     /* always equal; used only inside */
	int torn[READERS];   /* unequal pairs seen; each written by its reader only */
};

#include "common.h"
#include "mutex_cond.h"

static void read_lock(struct shared *shared)
{
	pthread_mutex_lock(&shared->lock);
	while (shared->writing)
		pthread_cond_wait(&shared->changed, &shared->lock);
	shared->readers++;
	shared->overtaken += shared->writers_waiting;
	pthread_mutex_unlock(&shared->lock);
}

static void read_unlock(struct shared *shared)
{
	pthread_mutex_lock(&shared->lock);
	if (--shared->readers == 0)
		pthread_cond_broadcast(&shared->changed);
	pthread_mutex_unlock(&shared->lock);
}

static bool write_lock(struct shared *shared)
{
	pthread_mutex_lock(&shared->lock);
	shared->writers_waiting++;
	while (shared->writing || shared->readers)
		pthread_cond_wait(&shared->changed, &shared->lock);
	shared->writers_waiting--;
	shared->writing = true;
	pthread_mutex_unlock(&shared->lock);
	return true;
}

/* Bounded waiting: once the writer has asked, each reader may come in ahead of it once. */
static void writer_in_time(void *state)
{
	struct shared *shared = state;

	pairs_whole(state);
	if (shared->overtaken > READERS)
		snarl_fail(SNARL_STARVATION, "%d readers came in after the writer had asked",
			shared->overtaken);
}

const struct snarl_scenario scenario = {
	.summary = "writer starvation: readers keep going ahead of a waiting writer",
	.refs = "CWE-667, OSTEP 31, OSC 7.1, LBS 4.2",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", look_first}, {"bob", look_second}, {"writer", change}},
	.setup = setup,
	.check = writer_in_time,
	.teardown = teardown,
	.observe = {"readers", "writing", "writers_waiting", "overtaken", "left", "right"},
	.expect = {.bug = SNARL_STARVATION},
};
