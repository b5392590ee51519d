/*
 * bounded_buffer/correct_atomic_indices: the textbook's code with atomic in and out.
 *
 * A waiting loop now reads the indices each time. Each index has one writer, and moves after the
 * slot was filled or emptied. By default an atomic store also publishes everything before it.
 *
 *   in  out   producer                consumer
 *    0   0                            in == out? yes, look again
 *    0   0    buffer[0] = #1
 *    1   0    in = 1
 *    1   0                            in == out? no
 *    1   0                            item = buffer[0]: #1
 *    1   1                            out = 1
 */
#include <stdbool.h>
#include <snarl.h>

enum { BUFFER_SIZE = 4 };

struct buffer {
	snarl_item buffer[BUFFER_SIZE]; /* one slot stays free, to tell full from empty */
	_Atomic int in;			/* the next slot to fill: written by the producer only */
	_Atomic int out;		/* the next slot to empty: written by the consumer only */
	_Atomic int producing;		/* producers still at work */
};

#include "common.h"

static bool put(struct buffer *buffer, snarl_item item, struct snarl_actor *self)
{
	while (((buffer->in + 1) % BUFFER_SIZE) == buffer->out)
		sched_yield();
	SNARL_POINT("put/after_check");
	snarl_ledger_put(self, item, buffer->in);
	buffer->buffer[buffer->in] = item;
	SNARL_POINT("put/written");
	buffer->in = (buffer->in + 1) % BUFFER_SIZE;
	return true;
}

static bool get(struct buffer *buffer, struct snarl_actor *self)
{
	snarl_item item;

	while (buffer->in == buffer->out)
		sched_yield();
	SNARL_POINT("get/after_check");
	item = buffer->buffer[buffer->out];
	snarl_ledger_take(self, item, buffer->out);
	SNARL_POINT("get/read");
	buffer->out = (buffer->out + 1) % BUFFER_SIZE;
	return true;
}

const struct snarl_scenario scenario = {
	.summary = "the textbook's circular array, with atomic indices",
	.refs = "CWE-820, CERT CON43-C, OSTEP 30, OSC 3.5",
	.state_size = sizeof(struct buffer),
	.ledger_items = ITEMS,
	.actors = {{"producer", produce}, {"consumer", consume}},
	.setup = buffer_setup,
	.check = every_item_once,
	.observe = {"buffer", "in", "out"},
	.expect = {.bug = SNARL_NO_BUG},
};
