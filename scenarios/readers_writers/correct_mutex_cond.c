/*
 * readers_writers/correct_mutex_cond: readers that come later wait behind the writer.
 *
 * A reader goes in only when no writer is inside and none waits. The readers that are already
 * inside leave, no reader follows them, and the writer goes in: nobody overtakes it.
 *
 *   inside   alice                     bob                       writer
 *     1      comes in
 *     1                                                          1 reader inside: waits
 *     1                                a writer waits: bob waits
 *     0      leaves: wakes all
 *   writer                                                       comes in, writes, leaves
 *     1                                comes in
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
	while (shared->writing || shared->writers_waiting)
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
	.summary = "read-write lock whose readers let a waiting writer go first",
	.refs = "CWE-362, CERT CON43-C, OSTEP 31, OSC 7.1, LBS 4.2",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", look_first}, {"bob", look_second}, {"writer", change}},
	.setup = setup,
	.check = writer_in_time,
	.teardown = teardown,
	.observe = {"readers", "writing", "writers_waiting", "overtaken", "left", "right"},
	.expect = {.bug = SNARL_NO_BUG},
};
