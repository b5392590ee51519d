/*
 * semaphore_buffer/missing_mutex: two producers fill slots without the mutex.
 *
 * `empty` keeps producers out of a full buffer, but not out of each other's way: it lets both in as
 * long as two slots are free. Both find the same number in `in`, and both fill that slot.
 *
 *   empty in  alice                     bob
 *     2    0  empty: 2 to 1
 *     1    0                            empty: 1 to 0
 *     0    0  slots[0] = alice#1
 *     0    0                            slots[0] = bob#1: alice#1 is never read
 *     0    1  in = 1
 *     0    2                            in = 2, and slots[1] is still empty
 */
#include <errno.h>
#include <semaphore.h>
#include <snarl.h>

#define ITEMS 6 /* often enough for producers to meet */

enum { SLOTS = 2 };

struct buffer {
	sem_t empty; /* free slots */
	sem_t full;  /* items to take */
	sem_t mutex; /* taken by the consumer only: keeps nobody out */
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
	snarl_ledger_put(self, item, buffer->in % SLOTS);
	buffer->slots[buffer->in % SLOTS] = item;
	SNARL_POINT("put/written");
	buffer->in++;
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
	.summary = "slots filled by two producers without the mutex",
	.refs = "CWE-820, CERT CON43-C, OSTEP 31, OSC 7.1",
	.state_size = sizeof(struct buffer),
	.ledger_items = 2 * ITEMS,
	.actors = {{"alice", produce}, {"bob", produce}, {"consumer", consume}},
	.setup = buffer_setup,
	.check = every_item_once,
	.teardown = buffer_teardown,
	.observe = {"slots", "in", "out"},
	.expect = {.bug = SNARL_OVERWRITE | SNARL_DUPLICATE_ITEM | SNARL_STALE_READ,
		.race_in = "put"},
};
