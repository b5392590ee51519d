/*
 * monitor_buffer/signal_before_wait: the consumer releases the lock between check and wait.
 *
 * Check and wait are both under the lock, but in two critical sections, and a producer gets in
 * between. Its signal finds no waiter, and a condition does not keep a signal for later. The
 * consumer waits for something that has already happened.
 *
 *   in  out   dave                        bob
 *    1   1    lock, empty, unlock
 *    1   1                                lock, slots[0] = bob#1
 *    2   1                                signal not_empty: nobody waits
 *    2   1                                unlock
 *    2   1    lock, waits for a signal that was already sent
 */
#include <pthread.h>
#include <snarl.h>

enum { SLOTS = 1 }; /* the minimum, so that both sides often have to wait */

struct buffer {
	pthread_mutex_t lock;
	pthread_cond_t not_full, not_empty; /* with lock */
	snarl_item slots[SLOTS];	    /* under lock */
	int in, out;			    /* items ever put, and ever taken: under lock */
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
	while (buffer->in == buffer->out) {
		pthread_mutex_unlock(&buffer->lock);
		SNARL_POINT("get/must_wait");
		pthread_mutex_lock(&buffer->lock);
		pthread_cond_wait(&buffer->not_empty, &buffer->lock);
	}
	snarl_ledger_take(self, buffer->slots[buffer->out % SLOTS], buffer->out % SLOTS);
	buffer->out++;
	pthread_cond_signal(&buffer->not_full);
	pthread_mutex_unlock(&buffer->lock);
}

const struct snarl_scenario scenario = {
	.summary = "lost wakeup: the consumer releases the lock between check and wait",
	.refs = "CWE-367, OSTEP 30.1, TLPI 30.2",
	.state_size = sizeof(struct buffer),
	.ledger_items = ITEMS,
	.actors = {{"alice", produce}, {"bob", produce}, {"carol", consume}, {"dave", consume}},
	.setup = buffer_setup,
	.check = every_item_once,
	.teardown = buffer_teardown,
	.observe = {"slots", "in", "out"},
	.expect = {.bug = SNARL_LOST_WAKEUP},
};
