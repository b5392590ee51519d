/*
 * common.h - producers put items into a circular array, a consumer takes them out in turn, and
 * three semaphores say when: the textbook's solution. Each variant says how put and get use them,
 * and what guards the members of its `struct buffer`; it needs the members `empty`, `full` and
 * `mutex`.
 */
#ifndef SCENARIOS_SEMAPHORE_BUFFER_COMMON_H
#define SCENARIOS_SEMAPHORE_BUFFER_COMMON_H

#include <semaphore.h>
#include <snarl.h>

struct buffer; /* each variant's own */

#ifndef ITEMS
#define ITEMS 2 /* per producer: twice round two slots, so that slots are used again */
#endif

/* Put the item, or take the next one; both wait until they can. */
static void put(struct buffer *buffer, snarl_item item, struct snarl_actor *self);
static void get(struct buffer *buffer, struct snarl_actor *self);

static void produce(void *state, struct snarl_actor *self)
{
	for (int i = 0; i < ITEMS; i++)
		put(state, snarl_item_next(self), self);
}

/* How many of the variant's actors produce. */
static int producer_count(void)
{
	int count = 0;

	for (int i = 0; scenario.actors[i].run; i++)
		count += scenario.actors[i].run == produce;
	return count;
}

static void consume(void *state, struct snarl_actor *self)
{
	for (int i = 0; i < ITEMS * producer_count(); i++)
		get(state, self);
}

static void buffer_setup(void *state)
{
	struct buffer *buffer = state;

	sem_init(&buffer->empty, 0, SLOTS);
	sem_init(&buffer->full, 0, 0);
	sem_init(&buffer->mutex, 0, 1);
}

static void buffer_teardown(void *state)
{
	struct buffer *buffer = state;

	sem_destroy(&buffer->empty);
	sem_destroy(&buffer->full);
	sem_destroy(&buffer->mutex);
}

static void every_item_once(void *state)
{
	(void)state;
	snarl_ledger_check();
}

#endif
