/*
 * monitor_buffer/correct_broadcast: one condition for both sides, and each change wakes all.
 *
 * Producers and consumers wait on one condition for different things, and a signal cannot choose
 * which of them it wakes. Therefore each change wakes all of them. Each waiter checks its own
 * predicate, and waits again if that is still false.
 *
 *   in  out   carol                 dave                  alice and bob
 *    0   0    empty: waits          empty: waits
 *    1   0                                                alice: slots[0] = alice#1, broadcast
 *    1   0                                                bob: full, waits
 *    1   1    item = slots[0]
 *    1   1    broadcast
 *    1   1                          empty: waits again    bob: not full, continues
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
	pthread_cond_broadcast(&buffer->changed);
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
	pthread_cond_broadcast(&buffer->changed);
	pthread_mutex_unlock(&buffer->lock);
}

const struct snarl_scenario scenario = {
	.summary = "one condition for both sides, with a broadcast on each change",
	.refs = "CWE-362, CERT CON38-C, OSTEP 30.3",
	.state_size = sizeof(struct buffer),
	.ledger_items = ITEMS,
	.actors = {{"alice", produce}, {"bob", produce}, {"carol", consume}, {"dave", consume}},
	.setup = setup,
	.check = every_item_once,
	.teardown = teardown,
	.observe = {"slots", "in", "out"},
	.expect = {.bug = SNARL_NO_BUG},
};
