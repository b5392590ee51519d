/*
 * counted_buffer/check_then_act: the producers check the counter before they lock.
 *
 * The lock protects each change, but not what the check found. When both producers see the last
 * free slot, both put an item: the second overwrites the oldest, which nobody has read.
 *
 *   counter   alice                     bob
 *      3      3 of 4: room
 *      3                                3 of 4: room
 *      4      lock, slots[in] = alice#1, counter = 4, unlock
 *      5                                lock, slots[in] = bob#1, counter = 5, unlock
 *                                       the oldest item is overwritten
 */
#include <pthread.h>
#include <stdbool.h>
#include <snarl.h>

enum { SLOTS = 4 };

struct buffer {
	pthread_mutex_t lock; /* guards slots, in and out, but not every read of counter */
	snarl_item slots[SLOTS];
	int in, out;	       /* the next slot to fill, and to empty */
	int counter;	       /* items in the buffer */
	_Atomic int producing; /* producers still at work */
};

#include "common.h"

static bool put(struct buffer *buffer, snarl_item item, struct snarl_actor *self)
{
	bool full;

	full = buffer->counter == SLOTS;
	SNARL_POINT("put/after_check");
	pthread_mutex_lock(&buffer->lock);
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
	.summary = "producers check the counter before they lock",
	.refs = "CWE-367, CERT CON43-C, OSTEP 32, OSC 7.1",
	.state_size = sizeof(struct buffer),
	.ledger_items = 2 * ITEMS,
	.actors = {{"alice", produce}, {"bob", produce}, {"consumer", consume}},
	.setup = buffer_setup,
	.check = every_item_once,
	.teardown = buffer_teardown,
	.observe = {"slots", "in", "out", "counter"},
	.expect = {.bug = SNARL_OVERWRITE | SNARL_DUPLICATE_ITEM, .race_in = "put"},
};
