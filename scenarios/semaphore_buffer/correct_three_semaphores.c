/*
 * semaphore_buffer/correct_three_semaphores: semaphores for free slots, items and access.
 *
 * `empty` lets in as many producers as there are free slots, `full` lets in the consumer as often
 * as there are items, and `mutex` lets in one actor at a time. An actor that waits for room or for
 * an item holds nothing meanwhile, and repeats a wait that a signal interrupted.
 *
 *   empty full  alice                     consumer
 *     1    1    empty: 1 to 0
 *     0    1                              full: 1 to 0
 *     0    0    mutex: 1 to 0
 *     0    0    slots[1] = alice#2        mutex: waits
 *     0    0    post mutex
 *     0    1    post full                 item = slots[0]
 *     1    1                              post mutex, post empty
 */
#include <errno.h>
#include <semaphore.h>
#include <snarl.h>

enum { SLOTS = 2 };

struct buffer {
	sem_t empty; /* free slots */
	sem_t full;  /* items to take */
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
	down(&buffer->empty);
	SNARL_POINT("put/entering");
	down(&buffer->mutex);
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
	.summary = "the textbook's buffer with three semaphores",
	.refs = "CWE-362, OSTEP 31, OSC 7.1, LBS 4.1",
	.state_size = sizeof(struct buffer),
	.ledger_items = 2 * ITEMS,
	.actors = {{"alice", produce}, {"bob", produce}, {"consumer", consume}},
	.setup = buffer_setup,
	.check = every_item_once,
	.teardown = buffer_teardown,
	.observe = {"slots", "in", "out"},
	.inject = {"posix/sem/wait:errno=EINTR:p=0.1", "posix/sem/wait:signal:p=0.1"},
	.expect = {.bug = SNARL_NO_BUG},
};
