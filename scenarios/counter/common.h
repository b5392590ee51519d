/*
 * common.h - the counter of the textbook: 5 items are in a buffer, a producer adds one and a
 * consumer takes one, so 5 must be left. Each variant says how `counter` is changed.
 */
#ifndef SCENARIOS_COUNTER_COMMON_H
#define SCENARIOS_COUNTER_COMMON_H

#include <snarl.h>

enum { ITEMS_AT_START = 5 };

static void counter_setup(void *state)
{
	struct shared *shared = state;

	shared->counter = ITEMS_AT_START;
}

static void nothing_lost(void *state)
{
	struct shared *shared = state;

	snarl_expect_eq(SNARL_LOST_UPDATE, shared->counter, ITEMS_AT_START, "counter");
}

#endif
