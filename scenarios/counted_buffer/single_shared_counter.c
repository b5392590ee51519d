/*
 * counted_buffer/single_shared_counter: producer and consumer change one counter without the lock.
 *
 * in and out have one writer each, but counter++ and counter-- change the same int, and one update
 * is lost. From then on the counter is wrong: items are left behind, overwritten or taken twice.
 *
 *   counter   producer                  consumer
 *      3      register1 = 3
 *      3                                takes an item, register2 = 3
 *      4      counter = register1 + 1
 *      2                                counter = register2 - 1
 *      2      three items are there, two are counted: the last is never taken
 */
#include <pthread.h>
#include <stdbool.h>
#include <snarl.h>

enum { SLOTS = 4 };

struct buffer {
	pthread_mutex_t lock; /* nobody takes it: in is the producer's, out the consumer's */
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
	if (!full) {
		int register1;

		snarl_ledger_put(self, item, buffer->in);
		buffer->slots[buffer->in] = item;
		buffer->in = (buffer->in + 1) % SLOTS;
		register1 = buffer->counter;
		SNARL_POINT("put/loaded");
		buffer->counter = register1 + 1;
	}
	return !full;
}

static bool get(struct buffer *buffer, struct snarl_actor *self)
{
	bool empty;

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
	return !empty;
}

const struct snarl_scenario scenario = {
	.summary = "a buffer whose counter both sides change without the lock",
	.refs = "CWE-362, CERT CON43-C, OSTEP 26, OSC 6.1",
	.state_size = sizeof(struct buffer),
	.ledger_items = SLOTS * ITEMS, /* a counter too high lets the consumer take too much */
	.actors = {{"producer", produce}, {"consumer", consume}},
	.setup = buffer_setup,
	.check = every_item_once,
	.teardown = buffer_teardown,
	.observe = {"slots", "in", "out", "counter"},
	.expect = {.bug = SNARL_LOST_ITEM | SNARL_OVERWRITE | SNARL_DUPLICATE_ITEM |
			  SNARL_STALE_READ,
		.race_in = "put"},
};
