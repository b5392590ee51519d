/*
 * bounded_buffer/publish_before_write: `in` moves before the slot is filled.
 *
 * A release store publishes only what came before it, and here the item comes after it. The
 * consumer may read the slot while it is still empty, or holds the item of the last round.
 *
 *   in  out   producer                consumer
 *    0   0    not full
 *    1   0    in = 1
 *    1   0                            in is 1: an item is there?
 *    1   0                            item = slots[0]: nothing was put there
 *    1   1                            out = 1
 *    1   1    slots[0] = #1           too late: #1 is never read
 */
#include <stdbool.h>
#include <snarl.h>

enum { SLOTS = 4 };

struct buffer {
	snarl_item slots[SLOTS]; /* from out to in - 1 the consumer's, the rest the producer's */
	_Atomic int in;		 /* items ever put: written by the producer only */
	_Atomic int out;	 /* items ever taken: written by the consumer only */
	_Atomic int producing;	 /* producers still at work */
};

#include "common.h"

static bool put(struct buffer *buffer, snarl_item item, struct snarl_actor *self)
{
	/* relaxed: our own index; acquire: the slot was read before out moved */
	int in = atomic_load_explicit(&buffer->in, memory_order_relaxed);

	if (in - atomic_load_explicit(&buffer->out, memory_order_acquire) >= SLOTS)
		return false;
	SNARL_POINT("put/after_check");
	/* release: but the item is not there yet */
	atomic_store_explicit(&buffer->in, in + 1, memory_order_release);
	SNARL_POINT("put/published");
	snarl_ledger_put(self, item, in % SLOTS);
	buffer->slots[in % SLOTS] = item;
	return true;
}

static bool get(struct buffer *buffer, struct snarl_actor *self)
{
	/* relaxed: our own index; acquire: the item was written before in moved */
	int out = atomic_load_explicit(&buffer->out, memory_order_relaxed);
	snarl_item item;

	if (atomic_load_explicit(&buffer->in, memory_order_acquire) == out)
		return false;
	SNARL_POINT("get/after_check");
	item = buffer->slots[out % SLOTS];
	snarl_ledger_take(self, item, out % SLOTS);
	SNARL_POINT("get/read");
	/* release: our read is done before the producer sees the slot as free */
	atomic_store_explicit(&buffer->out, out + 1, memory_order_release);
	return true;
}

const struct snarl_scenario scenario = {
	.summary = "the producer publishes its index before it fills the slot",
	.refs = "CWE-696, CERT CON43-C, OSTEP 32, OSC 3.5",
	.state_size = sizeof(struct buffer),
	.ledger_items = ITEMS,
	.actors = {{"producer", produce}, {"consumer", consume}},
	.setup = buffer_setup,
	.check = every_item_once,
	.observe = {"slots", "in", "out"},
	.expect = {.bug = SNARL_STALE_READ | SNARL_DUPLICATE_ITEM, .race_in = "put"},
};
