/*
 * bounded_buffer/missing_empty_check: the consumer never checks whether there is an item.
 *
 * A consumer that is ahead of the producer takes whatever is in the slot: nothing yet, or in later
 * rounds the item that it has already taken from there.
 *
 *   in  out   producer                consumer
 *    0   0                            item = slots[0]: nothing was put there
 *    0   1                            out = 1
 *    0   1    slots[0] = #1           too late: #1 is never read
 *    1   1    in = 1
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
	snarl_ledger_put(self, item, in % SLOTS);
	buffer->slots[in % SLOTS] = item;
	SNARL_POINT("put/written");
	/* release: a consumer that sees the new in also sees the item */
	atomic_store_explicit(&buffer->in, in + 1, memory_order_release);
	return true;
}

static bool get(struct buffer *buffer, struct snarl_actor *self)
{
	/* relaxed: our own index */
	int out = atomic_load_explicit(&buffer->out, memory_order_relaxed);
	snarl_item item;

	SNARL_POINT("get/after_check");
	item = buffer->slots[out % SLOTS];
	snarl_ledger_take(self, item, out % SLOTS);
	SNARL_POINT("get/read");
	/* release: our read is done before the producer sees the slot as free */
	atomic_store_explicit(&buffer->out, out + 1, memory_order_release);
	return true;
}

const struct snarl_scenario scenario = {
	.summary = "the consumer does not wait while the buffer is empty",
	.refs = "CWE-820, CERT CON43-C, OSTEP 30, OSC 3.5",
	.state_size = sizeof(struct buffer),
	.ledger_items = ITEMS,
	.actors = {{"producer", produce}, {"consumer", consume}},
	.setup = buffer_setup,
	.check = every_item_once,
	.observe = {"slots", "in", "out"},
	.expect = {.bug = SNARL_STALE_READ | SNARL_DUPLICATE_ITEM, .race_in = "get"},
};
