/*
 * bounded_buffer/full_check_off_by_one: the full check has > instead of >=.
 *
 * With four items in four slots the buffer is full, but 4 > 4 is false. A fifth item is let in and
 * overwrites the oldest, which nobody has read yet.
 *
 *   in  out   producer                consumer
 *    4   0    4 - 0 > 4: not full?
 *    4   0    slots[0] = #5           #1 is overwritten, never read
 *    5   0    in = 5
 *    5   0                            item = slots[0]: #5, where #1 was due
 *    5   0    5 - 0 > 4: full
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

	if (in - atomic_load_explicit(&buffer->out, memory_order_acquire) > SLOTS)
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
	.summary = "an off-by-one full check, which lets one item too many in",
	.refs = "CWE-193, OSTEP 30, OSC 3.5",
	.state_size = sizeof(struct buffer),
	.ledger_items = ITEMS,
	.actors = {{"producer", produce}, {"consumer", consume}},
	.setup = buffer_setup,
	.check = every_item_once,
	.observe = {"slots", "in", "out"},
	.expect = {.bug = SNARL_OVERWRITE, .race_in = "put"},
};
