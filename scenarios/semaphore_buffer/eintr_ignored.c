/*
 * semaphore_buffer/eintr_ignored: an interrupted wait is treated as a complete one.
 *
 * sem_wait returns -1 with EINTR when a signal handler has run meanwhile, and nothing was taken
 * from the semaphore. To continue is to enter without permission: into an empty buffer, over items
 * in a full one, or beside another actor that is inside.
 *
 *   full  alice                     consumer
 *     0                             full: EINTR, continues
 *     0                             mutex: 1 to 0
 *     0                             item = slots[0]: nothing was put there
 *     0                             post mutex
 *     0   slots[0] = alice#1        out is 1 by now: alice#1 is never read
 *     1   post full
 */
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

/* A signal may interrupt the wait: that is not checked. */
static void down(sem_t *semaphore)
{
	sem_wait(semaphore);
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
	.summary = "interrupted sem_wait (EINTR), treated as a complete wait",
	.refs = "CWE-252, CERT POS54-C, TLPI 21.5, OSTEP 31",
	.state_size = sizeof(struct buffer),
	.ledger_items = 2 * ITEMS,
	.actors = {{"alice", produce}, {"bob", produce}, {"consumer", consume}},
	.setup = buffer_setup,
	.check = every_item_once,
	.teardown = buffer_teardown,
	.observe = {"slots", "in", "out"},
	.inject = {"posix/sem/wait:errno=EINTR:p=0.1"},
	.expect = {.bug = SNARL_STALE_READ | SNARL_OVERWRITE | SNARL_DUPLICATE_ITEM,
		.race_in = "put"},
};
