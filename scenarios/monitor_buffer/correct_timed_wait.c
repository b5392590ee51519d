/*
 * monitor_buffer/correct_timed_wait: a consumer checks the buffer after a timeout.
 *
 * Neither a signal nor a timeout says what is in the buffer: an item may have arrived just as the
 * time ran out. Therefore the check after the loop decides, whatever the wait has returned.
 *
 *   in  out   carol                       alice
 *    0   0    lock, empty: waits
 *    0   0    the wait times out
 *    0   0    still empty: unlock
 *    0   0    tries again                 lock, slots[0] = alice#1
 */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <time.h>
#include <snarl.h>

enum {
	SLOTS = 1,	 /* the minimum, so that both sides often have to wait */
	PATIENCE_S = 60, /* longer than any run: it expires only by the rule, or in explore */
};

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

/* Take the next item if one arrives in time; return whether one did. */
static bool get_in_time(struct buffer *buffer, struct snarl_actor *self)
{
	struct timespec until;
	int error = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE_S;
	pthread_mutex_lock(&buffer->lock);
	while (buffer->in == buffer->out && error != ETIMEDOUT) {
		SNARL_POINT("get/must_wait");
		error = pthread_cond_timedwait(&buffer->not_empty, &buffer->lock, &until);
	}
	if (buffer->in == buffer->out) {
		pthread_mutex_unlock(&buffer->lock);
		return false;
	}
	snarl_ledger_take(self, buffer->slots[buffer->out % SLOTS], buffer->out % SLOTS);
	buffer->out++;
	pthread_cond_signal(&buffer->not_full);
	pthread_mutex_unlock(&buffer->lock);
	return true;
}

static void get(struct buffer *buffer, struct snarl_actor *self)
{
	while (!get_in_time(buffer, self))
		;
}

const struct snarl_scenario scenario = {
	.summary = "timed wait whose consumer checks the buffer after a timeout",
	.refs = "CWE-362, CERT CON36-C, OSTEP 30",
	.state_size = sizeof(struct buffer),
	.ledger_items = ITEMS,
	.actors = {{"alice", produce}, {"bob", produce}, {"carol", consume}, {"dave", consume}},
	.setup = buffer_setup,
	.check = every_item_once,
	.teardown = buffer_teardown,
	.observe = {"slots", "in", "out"},
	.inject = {"posix/thread/cond_timedwait:errno=ETIMEDOUT:p=0.1"},
	.expect = {.bug = SNARL_NO_BUG},
};
