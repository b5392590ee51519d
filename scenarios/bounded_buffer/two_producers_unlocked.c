/*
 * bounded_buffer/two_producers_unlocked: a buffer for one producer, used by two.
 *
 * No lock is needed as long as each index has one writer. Here two producers write `in`: both find
 * the same slot free, the second item overwrites the first, and `in` counts only one of the two.
 *
 *   in  out   alice                   bob
 *    0   0    in is 0: slot 0
 *    0   0                            in is 0: slot 0 as well
 *    0   0    slots[0] = alice#1
 *    1   0    in = 1
 *    1   0                            slots[0] = bob#1: alice#1 is never read
 *    1   0                            in = 1
 */
#include <stdbool.h>
#include <snarl.h>

enum { SLOTS = 4 };

struct buffer {
	snarl_item slots[SLOTS]; /* from out to in - 1 the consumer's, the rest the producer's */
	_Atomic int in;		 /* items ever put: written by both producers */
	_Atomic int out;	 /* items ever taken: written by the consumer only */
	_Atomic int producing;	 /* producers still at work */
};

#include "common.h"

static bool put(struct buffer *buffer, snarl_item item, struct snarl_actor *self)
{
	/* relaxed: not only our own index; acquire: the slot was read before out moved */
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
	.summary = "two producers without a lock, in a buffer that is safe for one",
	.refs = "CWE-820, CERT CON43-C, OSTEP 31, OSC 3.5",
	.state_size = sizeof(struct buffer),
	.ledger_items = 2 * ITEMS,
	.actors = {{"alice", produce}, {"bob", produce}, {"consumer", consume}},
	.setup = buffer_setup,
	.check = every_item_once,
	.observe = {"slots", "in", "out"},
	.expect = {.bug = SNARL_OVERWRITE | SNARL_DUPLICATE_ITEM | SNARL_STALE_READ |
			  SNARL_OUT_OF_ORDER,
		.race_in = "put"},
};
