/*
 * readers_writers/correct_reader_count: the first reader keeps the writer out, the last lets it in.
 *
 * The count of readers is changed and checked under a mutex of its own. The first reader keeps that
 * mutex while it waits for the writer to leave, so that the second has to wait as well.
 *
 *   count   alice                     bob                       writer
 *     0                                                         room = 0: inside
 *     1     count_lock, count is 1
 *     1     room is 0: waits          count_lock: waits
 *     1                                                         room = 1: leaves
 *     1     room = 0, unlock
 *     2                               count is 2: in
 */
#include <pthread.h>
#include <semaphore.h>

enum { READERS = 2, READS = 1, WRITES = 4 }; /* a reader that came back might wait forever */

struct shared {
	pthread_mutex_t count_lock; /* guards count; precedes room */
	int count;		    /* readers inside, or first in line */
	sem_t room;		    /* 0: taken by a writer, or by all readers together */
	int left, right;	    /* always equal; used only inside */
	int torn[READERS];	    /* unequal pairs seen; each written by its reader only */
};

#include "common.h"
#include "room.h"

static void read_lock(struct shared *shared)
{
	int register1;

	pthread_mutex_lock(&shared->count_lock);
	register1 = shared->count;
	SNARL_POINT("read_lock/loaded");
	shared->count = register1 + 1;
	if (register1 == 0)
		room_take(shared);
	pthread_mutex_unlock(&shared->count_lock);
}

static void read_unlock(struct shared *shared)
{
	int register1;

	pthread_mutex_lock(&shared->count_lock);
	register1 = shared->count;
	SNARL_POINT("read_unlock/loaded");
	shared->count = register1 - 1;
	if (register1 == 1)
		write_unlock(shared);
	pthread_mutex_unlock(&shared->count_lock);
}

const struct snarl_scenario scenario = {
	.summary = "reader count under a mutex",
	.refs = "CWE-362, CERT CON43-C, OSTEP 31, OSC 7.1, LBS 4.2",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", look_first}, {"bob", look_second}, {"writer", change}},
	.setup = setup,
	.check = pairs_whole,
	.teardown = teardown,
	.observe = {"count", "left", "right", "torn"},
	.expect = {.bug = SNARL_NO_BUG},
};
