/*
 * readers_writers/reader_count_unlocked: the textbook's reader count, without its mutex.
 *
 * While the first reader waits for the writer to leave, the second finds that it is not the first
 * and walks in. The increment of the count races as well: after a lost update no reader is the
 * last, or none is the first.
 *
 *   count   alice                     bob                       writer
 *     0                                                         room = 0: inside
 *     1     count is 1
 *     1     room is 0: waits                                    left = 1
 *     2                               count is 2: in
 *     2                               left 1, right 0: torn
 *     2                                                         right = 1
 */
#include <pthread.h>
#include <semaphore.h>

enum { READERS = 2, READS = 1, WRITES = 4 }; /* a reader that came back might wait forever */

struct shared {
	pthread_mutex_t count_lock; /* nobody takes it */
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

	register1 = shared->count;
	SNARL_POINT("read_lock/loaded");
	shared->count = register1 + 1;
	if (register1 == 0)
		room_take(shared);
}

static void read_unlock(struct shared *shared)
{
	int register1;

	register1 = shared->count;
	SNARL_POINT("read_unlock/loaded");
	shared->count = register1 - 1;
	if (register1 == 1)
		write_unlock(shared);
}

const struct snarl_scenario scenario = {
	.summary = "reader count without a mutex",
	.refs = "CWE-362, CERT CON43-C, OSTEP 31, OSC 7.1, LBS 4.2",
	.state_size = sizeof(struct shared),
	.actors = {{"alice", look_first}, {"bob", look_second}, {"writer", change}},
	.setup = setup,
	.check = pairs_whole,
	.teardown = teardown,
	.observe = {"count", "left", "right", "torn"},
	.expect = {.bug = SNARL_ASSERTION, .race_in = "read_lock"},
};
