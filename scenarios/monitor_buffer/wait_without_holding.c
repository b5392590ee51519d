/*
 * monitor_buffer/wait_without_holding: the consumer waits with a lock that it does not hold.
 *
 * The wait itself releases the lock. If the caller does not hold it, the behaviour is undefined:
 * here the wait releases the lock of the actor that holds it just then, or misses a signal that
 * comes before the wait has begun.
 *
 *   in  out   carol                       alice
 *    0   0    lock, empty, unlock
 *    0   0                                lock
 *    0   0    wait: unlocks alice's lock
 *    0   0                                slots[0] = alice#1, and bob may come in
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
		pthread_cond_wait(&buffer->not_empty, &buffer->lock);
	}
	snarl_ledger_take(self, buffer->slots[buffer->out % SLOTS], buffer->out % SLOTS);
	buffer->out++;
	pthread_cond_signal(&buffer->not_full);
	pthread_mutex_unlock(&buffer->lock);
}

const struct snarl_scenario scenario = {
	.summary = "condition wait with a mutex that the caller does not hold",
	.refs = "CWE-667, OSTEP 30.1, TLPI 30.2",
	.state_size = sizeof(struct buffer),
	.ledger_items = ITEMS,
	.actors = {{"alice", produce}, {"bob", produce}, {"carol", consume}, {"dave", consume}},
	.setup = buffer_setup,
	.check = every_item_once,
	.teardown = buffer_teardown,
	.observe = {"slots", "in", "out"},
	.expect = {.bug = SNARL_ASSERTION,
		/* crash: glibc asserts, when it happens to check, that the lock has an owner */
		.stress = {.bug = SNARL_LOST_WAKEUP | SNARL_DEADLOCK | SNARL_CRASH},
		.tsan = {.bug = SNARL_ASSERTION | SNARL_LOST_WAKEUP | SNARL_DEADLOCK |
				SNARL_CRASH}},
};
