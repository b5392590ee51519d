/*
 * counted_buffer/correct_mutex: the counter is checked and changed under one lock.
 *
 * What a producer learns from the counter stays true until it has filled its slot, because nobody
 * else can use the counter, the slots or the indices before it unlocks.
 *
 *   counter   alice                     bob
 *      3      lock
 *      3      3 of 4: room              lock: waits
 *      3      slots[in] = alice#1
 *      4      counter = 4, unlock
 *      4                                4 of 4: full, unlock, try again
 */
#include <pthread.h>
#include <stdbool.h>
#include <snarl.h>

enum { SLOTS = 4 };

struct buffer {
	pthread_mutex_t lock; /* guards slots, in, out and counter */
	snarl_item slots[SLOTS];
	int in, out;	       /* the next slot to fill, and to empty */
	int counter;	       /* items in the buffer */
	_Atomic int producing; /* producers still at work */
};

#include "common.h"

static bool put(struct buffer *buffer, snarl_item item, struct snarl_actor *self)
{
	bool full;

	pthread_mutex_lock(&buffer->lock);
	full = buffer->counter == SLOTS;
	SNARL_POINT("put/after_check");
	if (!full) {
		int register1;

		snarl_ledger_put(self, item, buffer->in);
		buffer->slots[buffer->in] = item;
		buffer->in = (buffer->in + 1) % SLOTS;
		register1 = buffer->counter;
		SNARL_POINT("put/loaded");
		buffer->counter = register1 + 1;
	}
	pthread_mutex_unlock(&buffer->lock);
	return !full;
}

static bool get(struct buffer *buffer, struct snarl_actor *self)
{
	bool empty;

	pthread_mutex_lock(&buffer->lock);
	empty = buffer->counter == 0;
	SNARL_POINT("get/after_check");
	if (!empty) {
		int register2;

		snarl_ledger_take(self, buffer->slots[buffer->out], buffer->out);
		buffer->out = (buffer->out + 1) % SLOTS;
		register2 = buffer->counter;
		SNARL_POINT("get/loaded");
		buffer->counter = register2 - 1;
	}
	pthread_mutex_unlock(&buffer->lock);
	return !empty;
}

const struct snarl_scenario scenario = {
	.summary = "a buffer with a counter of its items, all under one mutex",
	.refs = "CWE-362, CERT CON43-C, OSTEP 30, OSC 7.1",
	.state_size = sizeof(struct buffer),
	.ledger_items = 2 * ITEMS,
	.actors = {{"alice", produce}, {"bob", produce}, {"consumer", consume}},
	.setup = buffer_setup,
	.check = every_item_once,
	.teardown = buffer_teardown,
	.observe = {"slots", "in", "out", "counter"},
	.expect = {.bug = SNARL_NO_BUG},
};
