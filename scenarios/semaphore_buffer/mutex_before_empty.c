/*
 * semaphore_buffer/mutex_before_empty: the producer enters first and waits for room inside.
 *
 * The producer keeps the mutex while it waits for a free slot, and the consumer, which alone could
 * free one, cannot get in. Both wait forever. The order of the two waits matters, the order of the
 * two posts does not.
 *
 *   empty full  alice                     consumer
 *     0    2    mutex: 1 to 0
 *     0    2    empty: 0, waits
 *     0    1                              full: 2 to 1
 *     0    1                              mutex: 0, waits
 */
#include <errno.h>
#include <semaphore.h>
#include <snarl.h>

enum { SLOTS = 2 };

struct buffer {
	sem_t empty; /* free slots */
	sem_t full;  /* items to take */
	sem_t mutex; /* guards slots, in and out; precedes empty, but full precedes it */
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
	down(&buffer->mutex);
	SNARL_POINT("put/entering");
	down(&buffer->empty);
	snarl_ledger_put(self, item, buffer->in % SLOTS);
	buffer->slots[buffer->in % SLOTS] = item;
	SNARL_POINT("put/written");
	buffer->in++;
	sem_post(&buffer->mutex);
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
	.summary = "wait for a free slot while the producer holds the mutex",
	.refs = "CWE-833, CERT CON35-C, OSTEP 31, LBS 4.1",
	.state_size = sizeof(struct buffer),
	.ledger_items = 2 * ITEMS,
	.actors = {{"alice", produce}, {"bob", produce}, {"consumer", consume}},
	.setup = buffer_setup,
	.check = every_item_once,
	.teardown = buffer_teardown,
	.observe = {"slots", "in", "out"},
	.expect = {.bug = SNARL_DEADLOCK},
};
