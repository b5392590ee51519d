/*
 * common.h - producers put items into a circular array, a consumer takes them out in turn, and one
 * shared `counter` counts the items in it. Each variant says how put and get use the counter, and
 * what guards the members of its `struct buffer`, which needs `lock` and `producing`.
 */
#ifndef SCENARIOS_COUNTED_BUFFER_COMMON_H
#define SCENARIOS_COUNTED_BUFFER_COMMON_H

#include <pthread.h>
#include <sched.h>
#include <snarl.h>
#include <stdatomic.h>
#include <stdbool.h>

struct buffer; /* each variant's own */

#ifndef ITEMS
#define ITEMS 8 /* per producer: twice round four slots, so that slots are used again */
#endif

/* Put the item, or take the next one; return false when the buffer is full, or empty. */
static bool put(struct buffer *buffer, snarl_item item, struct snarl_actor *self);
static bool get(struct buffer *buffer, struct snarl_actor *self);

static void produce(void *state, struct snarl_actor *self)
{
	struct buffer *buffer = state;

	for (int i = 0; i < ITEMS; i++) {
		snarl_item item = snarl_item_next(self);

		while (!put(buffer, item, self))
			sched_yield();
	}
	atomic_fetch_sub(&buffer->producing, 1);
}

/*
 * Ends in every variant, however wrong the counter is: the consumer stays until the producers have
 * ended, so that no producer waits forever because the counter says that the buffer is full.
 */
static void consume(void *state, struct snarl_actor *self)
{
	struct buffer *buffer = state;
	bool last;

	do {
		/* Read before get: if no producer was left, what get misses will never come. */
		last = atomic_load(&buffer->producing) == 0;
		while (get(buffer, self))
			;
		if (!last)
			sched_yield();
	} while (!last);
}

/* How many of the variant's actors produce. */
static int producer_count(void)
{
	int count = 0;

	for (int i = 0; scenario.actors[i].run; i++)
		count += scenario.actors[i].run == produce;
	return count;
}

static void buffer_setup(void *state)
{
	struct buffer *buffer = state;

	atomic_init(&buffer->producing, producer_count());
	pthread_mutex_init(&buffer->lock, NULL);
}

static void buffer_teardown(void *state)
{
	struct buffer *buffer = state;

	pthread_mutex_destroy(&buffer->lock);
}

static void every_item_once(void *state)
{
	(void)state;
	snarl_ledger_check();
}

#endif
