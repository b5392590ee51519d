/*
 * monitor_buffer/if_instead_of_while: the consumer does not re-check the predicate after its wait.
 *
 * A wait may return without a signal: POSIX allows such spurious wakeups, to make waiting cheap.
 * Another consumer may also have come in and taken the item between a signal and the return of the
 * wait. A consumer that does not check again takes from an empty slot.
 *
 *   in  out   carol                       alice
 *    0   0    lock, empty: waits
 *    0   0    spurious wakeup
 *    0   0    item = slots[0]: nothing was put there
 *    0   1    signal not_full, unlock
 *    0   1                                lock, slots[0] = alice#1
 *    1   1                                too late: alice#1 is never read
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
	if (buffer->in == buffer->out) {
		SNARL_POINT("get/must_wait");
		pthread_cond_wait(&buffer->not_empty, &buffer->lock);
	}
	snarl_ledger_take(self, buffer->slots[buffer->out % SLOTS], buffer->out % SLOTS);
	buffer->out++;
	pthread_cond_signal(&buffer->not_full);
	pthread_mutex_unlock(&buffer->lock);
}

const struct snarl_scenario scenario = {
	.summary = "consumer wakes without re-checking the predicate",
	.refs = "CWE-367, CERT CON36-C, OSTEP 30.2",
	.state_size = sizeof(struct buffer),
	.ledger_items = ITEMS,
	.actors = {{"alice", produce}, {"bob", produce}, {"carol", consume}, {"dave", consume}},
	.setup = buffer_setup,
	.check = every_item_once,
	.teardown = buffer_teardown,
	.observe = {"slots", "in", "out"},
	.inject = {"posix/thread/cond_wait:wakeup:p=0.1"},
	.expect = {.bug = SNARL_STALE_READ | SNARL_DUPLICATE_ITEM | SNARL_OVERWRITE},
};
