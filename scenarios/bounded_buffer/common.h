/*
 * common.h - producers put items into a circular array, and a consumer takes them out in turn. Each
 * variant defines put, get and its `struct buffer`, which needs the member `producing`.
 */
#ifndef SCENARIOS_BOUNDED_BUFFER_COMMON_H
#define SCENARIOS_BOUNDED_BUFFER_COMMON_H

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

/* How many of the variant's actors produce. */
static int producer_count(void)
{
	int count = 0;

	for (int i = 0; scenario.actors[i].run; i++)
		count += scenario.actors[i].run == produce;
	return count;
}

/* Ends even if a broken variant loses items, or finds more than were put. */
static void consume(void *state, struct snarl_actor *self)
{
	struct buffer *buffer = state;
	int left = ITEMS * producer_count();

	while (left > 0) {
		/* Read before get: if no producer was left, what get misses will never come. */
		bool last = atomic_load(&buffer->producing) == 0;

		if (get(buffer, self))
			left--;
		else if (last)
			break;
		else
			sched_yield();
	}
}

static void buffer_setup(void *state)
{
	struct buffer *buffer = state;

	atomic_init(&buffer->producing, producer_count());
}

static void every_item_once(void *state)
{
	(void)state;
	snarl_ledger_check();
}

#endif
