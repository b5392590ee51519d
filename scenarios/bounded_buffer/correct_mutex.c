/*
 * bounded_buffer/correct_mutex: every read and every change of the buffer is under one lock.
 *
 * No other actor can come between a check and the act that relies on it, nor between the filling of
 * a slot and the move of the index. With the lock this would hold for any number of producers.
 *
 *   in  out   producer                consumer
 *    0   0    lock
 *    0   0    not full                lock: waits
 *    0   0    slots[0] = #1
 *    1   0    in = 1, unlock
 *    1   0                            not empty
 *    1   0                            item = slots[0]: #1
 *    1   1                            out = 1, unlock
 */
#include <pthread.h>
#include <stdbool.h>
#include <snarl.h>

enum { SLOTS = 4 };

struct buffer {
	pthread_mutex_t lock;
	snarl_item slots[SLOTS]; /* under lock */
	int in;			 /* items ever put: under lock */
	int out;		 /* items ever taken: under lock */
	_Atomic int producing;	 /* producers still at work */
};

#include "common.h"

static void setup(void *state)
{
	struct buffer *buffer = state;

	buffer_setup(state);
	pthread_mutex_init(&buffer->lock, NULL);
}

static void teardown(void *state)
{
	struct buffer *buffer = state;

	pthread_mutex_destroy(&buffer->lock);
}

static bool put(struct buffer *buffer, snarl_item item, struct snarl_actor *self)
{
	bool full;

	pthread_mutex_lock(&buffer->lock);
	full = buffer->in - buffer->out >= SLOTS;
	SNARL_POINT("put/after_check");
	if (!full) {
		snarl_ledger_put(self, item, buffer->in % SLOTS);
		buffer->slots[buffer->in % SLOTS] = item;
		buffer->in++;
	}
	pthread_mutex_unlock(&buffer->lock);
	return !full;
}

static bool get(struct buffer *buffer, struct snarl_actor *self)
{
	bool empty;

	pthread_mutex_lock(&buffer->lock);
	empty = buffer->in == buffer->out;
	SNARL_POINT("get/after_check");
	if (!empty) {
		snarl_ledger_take(self, buffer->slots[buffer->out % SLOTS], buffer->out % SLOTS);
		buffer->out++;
	}
	pthread_mutex_unlock(&buffer->lock);
	return !empty;
}

const struct snarl_scenario scenario = {
	.summary = "a circular array under one mutex",
	.refs = "CWE-362, CERT CON43-C, OSTEP 30, OSC 7.1",
	.state_size = sizeof(struct buffer),
	.ledger_items = ITEMS,
	.actors = {{"producer", produce}, {"consumer", consume}},
	.setup = setup,
	.check = every_item_once,
	.teardown = teardown,
	.observe = {"slots", "in", "out"},
	.expect = {.bug = SNARL_NO_BUG},
};
