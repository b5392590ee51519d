/*
 * monitor_buffer/predicate_set_without_mutex: the buffer is closed without the lock.
 *
 * Setting a flag seems to need no lock. But a consumer may be between its check and its wait, and
 * only the lock could keep the producer out then. The broadcast finds no waiter, and there is no
 * second one.
 *
 *   carol                             producer
 *   lock, empty and not closed
 *                                     closed = true
 *                                     broadcast: nobody waits
 *   waits forever
 */
#include <pthread.h>
#include <stdbool.h>
#include <snarl.h>

enum { SLOTS = 1 }; /* the minimum, so that both sides often have to wait */

struct buffer {
	pthread_mutex_t lock;
	pthread_cond_t not_full, not_empty; /* with lock */
	snarl_item slots[SLOTS];	    /* under lock */
	int in, out;			    /* items ever put, and ever taken: under lock */
	bool closed;			    /* no more items will be put: read under lock */
};

#include "common.h"
#include "two_conditions.h"

static void put(struct buffer *buffer, snarl_item item, struct snarl_actor *self)
{
	pthread_mutex_lock(&buffer->lock);
	while (buffer->in - buffer->out == SLOTS) {
		SNARL_POINT("put/must_wait");
		pthread_cond_wait(&buffer->not_full, &buffer->lock);
	}
	snarl_ledger_put(self, item, buffer->in % SLOTS);
	buffer->slots[buffer->in % SLOTS] = item;
	buffer->in++;
	pthread_cond_signal(&buffer->not_empty);
	pthread_mutex_unlock(&buffer->lock);
}

static void get(struct buffer *buffer, struct snarl_actor *self)
{
	pthread_mutex_lock(&buffer->lock);
	while (buffer->in == buffer->out && !buffer->closed) {
		SNARL_POINT("get/must_wait");
		pthread_cond_wait(&buffer->not_empty, &buffer->lock);
	}
	if (buffer->in != buffer->out) {
		snarl_ledger_take(self, buffer->slots[buffer->out % SLOTS], buffer->out % SLOTS);
		buffer->out++;
		pthread_cond_signal(&buffer->not_full);
	}
	pthread_mutex_unlock(&buffer->lock);
}

static void close_buffer(struct buffer *buffer)
{
	SNARL_POINT("close/entering");
	buffer->closed = true;
	pthread_cond_broadcast(&buffer->not_empty);
}

static void produce_and_close(void *state, struct snarl_actor *self)
{
	produce(state, self);
	close_buffer(state);
}

const struct snarl_scenario scenario = {
	.summary = "predicate set and broadcast without the mutex",
	.refs = "CWE-820, CERT CON43-C, OSTEP 30.1, TLPI 30.2",
	.state_size = sizeof(struct buffer),
	.ledger_items = ITEMS,
	.actors = {{"producer", produce_and_close}, {"carol", consume}, {"dave", consume},
		{"erin", consume}},
	.setup = buffer_setup,
	.check = every_item_once,
	.teardown = buffer_teardown,
	.observe = {"slots", "in", "out", "closed"},
	.expect = {.bug = SNARL_LOST_WAKEUP | SNARL_DEADLOCK,
		.race_in = "close_buffer",
		.tsan = {.bug = SNARL_DATA_RACE | SNARL_LOST_WAKEUP | SNARL_DEADLOCK}},
};
