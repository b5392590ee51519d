/*
 * common.h - customers sit down in the waiting room of a barber, who calls them one by one and
 * sleeps when there are none. Each variant says how they meet, and what guards the members of its
 * `struct shop`; that needs the members `cuts` and `most`.
 */
#ifndef SCENARIOS_SLEEPING_BARBER_COMMON_H
#define SCENARIOS_SLEEPING_BARBER_COMMON_H

#include <sched.h>
#include <snarl.h>
#include <stdbool.h>

struct shop; /* each variant's own */

/* Sit down; false if no chair is free. Once seated, wait for the barber's call. */
static bool sit_down(struct shop *shop);
static void wait_for_call(struct shop *shop);

/* Sleep until a customer waits, and call one. */
static void call_next(struct shop *shop);

static void visit(void *state, struct snarl_actor *self)
{
	struct shop *shop = state;

	(void)self;
	while (!sit_down(shop))
		sched_yield();
	wait_for_call(shop);
}

static void cut_hair(void *state, struct snarl_actor *self)
{
	struct shop *shop = state;

	(void)self;
	for (int i = 0; i < CUSTOMERS; i++) {
		call_next(shop);
		shop->cuts++;
	}
}

static void everybody_seated_and_served(void *state)
{
	struct shop *shop = state;

	snarl_expect_eq(SNARL_LOST_ITEM, shop->cuts, CUSTOMERS, "cuts");
	if (shop->most > CHAIRS)
		snarl_fail(SNARL_ASSERTION, "%d customers sat on %d chair", shop->most, CHAIRS);
}

#endif
