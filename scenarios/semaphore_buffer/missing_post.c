/*
 * semaphore_buffer/missing_post: the producer posts `full` only when the buffer was empty.
 *
 * The programmer thought that only a sleeping consumer needs a post. But a semaphore counts, and
 * `full` falls behind the number of items. In the end the consumer waits although there are items,
 * and the producers wait for the slots that these items occupy.
 *
 *   full in-out  alice                     consumer
 *     0    0     slots[0] = alice#1
 *     1    1     was empty: post full
 *     1    1     slots[1] = alice#2
 *     1    2     was not empty: no post
 *     0    1                               full: 1 to 0, item = alice#1
 *     0    1                               full: 0, waits, though alice#2 is there
 */
#include <errno.h>
#include <semaphore.h>
#include <stdbool.h>
#include <snarl.h>

enum { SLOTS = 2 };

struct buffer {
	sem_t empty; /* free slots */
	sem_t full;  /* items to take, supposedly */
	sem_t mutex; /* guards slots, in and out; empty and full precede it */
	snarl_item slots[SLOTS];
	int in, out; /* items ever put, and ever taken */
};

#include "common.h"

/* A signal may interrupt the wait: then nothing was taken from the semaphore. */
static void down(sem_t *semaphore)
{
	while (sem_wait(semaphore) == -1 && errno == EINTR)
		;
}

static void put(struct buffer *buffer, snarl_item item, struct snarl_actor *self)
{
	bool was_empty;

	down(&buffer->empty);
	SNARL_POINT("put/entering");
	down(&buffer->mutex);
	was_empty = buffer->in == buffer->out;
	snarl_ledger_put(self, item, buffer->in % SLOTS);
	buffer->slots[buffer->in % SLOTS] = item;
	SNARL_POINT("put/written");
	buffer->in++;
	sem_post(&buffer->mutex);
	if (was_empty)
		sem_post(&buffer->full);
}

static void get(struct buffer *buffer, struct snarl_actor *self)
{
	down(&buffer->full);
	SNARL_POINT("get/entering");
	down(&buffer->mutex);
	snarl_ledger_take(self, buffer->slots[buffer->out % SLOTS], buffer->out % SLOTS);
	SNARL_POINT("get/read");
	buffer->out++;
	sem_post(&buffer->mutex);
	sem_post(&buffer->empty);
}

const struct snarl_scenario scenario = {
	.summary = "missing semaphore post when the buffer was not empty",
	.refs = "CWE-833, OSTEP 31, OSC 7.1",
	.state_size = sizeof(struct buffer),
	.ledger_items = 2 * ITEMS,
	.actors = {{"alice", produce}, {"bob", produce}, {"consumer", consume}},
	.setup = buffer_setup,
	.check = every_item_once,
	.teardown = buffer_teardown,
	.observe = {"slots", "in", "out"},
	.expect = {.bug = SNARL_DEADLOCK},
};
