/*
 * monitor_buffer/correct_two_conditions: each side has its own condition, and waits in a loop.
 *
 * The lock is held from the check until the wait has begun, so that no signal can come between
 * them, and it is held again when the wait returns. Other actors may have been inside meanwhile. A
 * return only means that the predicate may be true now, so the loop checks it again.
 *
 *   in  out   alice                   carol
 *    0   0                            lock, empty: waits, which unlocks
 *    0   0    lock, slots[0] = alice#1
 *    1   0    signal not_empty        woken: waits for the lock
 *    1   0    unlock
 *    1   0                            not empty
 *    1   1                            item = slots[0], signal not_full, unlock
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
		SNARL_POINT("get/must_wait");
		pthread_cond_wait(&buffer->not_empty, &buffer->lock);
	}
	snarl_ledger_take(self, buffer->slots[buffer->out % SLOTS], buffer->out % SLOTS);
	buffer->out++;
	pthread_cond_signal(&buffer->not_full);
	pthread_mutex_unlock(&buffer->lock);
}

const struct snarl_scenario scenario = {
	.summary = "the textbook's buffer with a mutex and two conditions",
	.refs = "CWE-362, CERT CON36-C, CERT CON38-C, OSTEP 30, LBS 4.1",
	.state_size = sizeof(struct buffer),
	.ledger_items = ITEMS,
	.actors = {{"alice", produce}, {"bob", produce}, {"carol", consume}, {"dave", consume}},
	.setup = buffer_setup,
	.check = every_item_once,
	.teardown = buffer_teardown,
	.observe = {"slots", "in", "out"},
	.expect = {.bug = SNARL_NO_BUG},
};
