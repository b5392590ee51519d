/*
 * monitor_buffer/one_condition_for_both_sides: a signal meant for one side wakes the other.
 *
 * Producers and consumers wait on one condition, and a signal wakes one of them. If the woken
 * waiter cannot continue, it waits again, and the wakeup is lost for the waiter it was meant for.
 *
 *   in  out   carol                 dave                  alice and bob
 *    0   0    empty: waits          empty: waits
 *    1   0                                                alice: slots[0] = alice#1
 *    1   0                                                alice: signal wakes carol
 *    1   0                                                bob: full, waits
 *    1   1    item = slots[0]
 *    1   1    signal wakes dave
 *    1   1                          empty: waits again    bob: still waits, forever
 */
#include <pthread.h>
#include <snarl.h>

enum { SLOTS = 1 }; /* the minimum, so that both sides often have to wait */

struct buffer {
	pthread_mutex_t lock;
	pthread_cond_t changed;	 /* with lock: no longer full, or no longer empty */
	snarl_item slots[SLOTS]; /* under lock */
	int in, out;		 /* items ever put, and ever taken: under lock */
};

#include "common.h"

static void setup(void *state)
{
	struct buffer *buffer = state;

	pthread_mutex_init(&buffer->lock, NULL);
	pthread_cond_init(&buffer->changed, NULL);
}

static void teardown(void *state)
{
	struct buffer *buffer = state;

	pthread_cond_destroy(&buffer->changed);
	pthread_mutex_destroy(&buffer->lock);
}

static void put(struct buffer *buffer, snarl_item item, struct snarl_actor *self)
{
	pthread_mutex_lock(&buffer->lock);
	while (buffer->in - buffer->out == SLOTS) {
		SNARL_POINT("put/must_wait");
		pthread_cond_wait(&buffer->changed, &buffer->lock);
	}
	snarl_ledger_put(self, item, buffer->in % SLOTS);
	buffer->slots[buffer->in % SLOTS] = item;
	buffer->in++;
	pthread_cond_signal(&buffer->changed);
	pthread_mutex_unlock(&buffer->lock);
}

static void get(struct buffer *buffer, struct snarl_actor *self)
{
	pthread_mutex_lock(&buffer->lock);
	while (buffer->in == buffer->out) {
		SNARL_POINT("get/must_wait");
		pthread_cond_wait(&buffer->changed, &buffer->lock);
	}
	snarl_ledger_take(self, buffer->slots[buffer->out % SLOTS], buffer->out % SLOTS);
	buffer->out++;
	pthread_cond_signal(&buffer->changed);
	pthread_mutex_unlock(&buffer->lock);
}

const struct snarl_scenario scenario = {
	.summary = "one condition for both sides, whose signal wakes the wrong waiter",
	.refs = "CWE-833, CERT CON38-C, OSTEP 30.2",
	.state_size = sizeof(struct buffer),
	.ledger_items = ITEMS,
	.actors = {{"alice", produce}, {"bob", produce}, {"carol", consume}, {"dave", consume}},
	.setup = setup,
	.check = every_item_once,
	.teardown = teardown,
	.observe = {"slots", "in", "out"},
	.expect = {.bug = SNARL_LOST_WAKEUP | SNARL_DEADLOCK},
};
