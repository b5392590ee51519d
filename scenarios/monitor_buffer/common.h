/*
 * common.h - producers put items into a circular array and consumers take them out. A producer that
 * finds it full, or a consumer that finds it empty, waits inside the monitor. Each variant says how
 * put and get wait and signal, and what its `struct buffer` is.
 */
#ifndef SCENARIOS_MONITOR_BUFFER_COMMON_H
#define SCENARIOS_MONITOR_BUFFER_COMMON_H

#include <snarl.h>

struct buffer; /* each variant's own */

#ifndef ITEMS
#define ITEMS 1 /* that each producer puts and each consumer asks for: the slot is used twice */
#endif

/* Put the item, or take the next one; both wait until they can. */
static void put(struct buffer *buffer, snarl_item item, struct snarl_actor *self);
static void get(struct buffer *buffer, struct snarl_actor *self);

static void produce(void *state, struct snarl_actor *self)
{
	for (int i = 0; i < ITEMS; i++)
		put(state, snarl_item_next(self), self);
}

static void consume(void *state, struct snarl_actor *self)
{
	for (int i = 0; i < ITEMS; i++)
		get(state, self);
}

static void every_item_once(void *state)
{
	(void)state;
	snarl_ledger_check();
}

#endif
