/*
 * common.h - philosophers around a table, usually five, with a fork between each two of them:
 * fork[seat] lies to the left of the philosopher on that seat, and the next one to the right.
 * Eating takes both. Each variant says how the forks are taken and put back, and defines its
 * `struct table`, which needs the member `uses`, one for each of the SEATS.
 */
#ifndef SCENARIOS_DINING_PHILOSOPHERS_COMMON_H
#define SCENARIOS_DINING_PHILOSOPHERS_COMMON_H

#include <snarl.h>

struct table; /* each variant's own */

#ifndef MEALS
#define MEALS 1 /* per philosopher */
#endif

/* Return when the philosopher has both forks. */
static void take_forks(struct table *table, int seat);
static void put_forks(struct table *table, int seat);

static int right_of(int seat)
{
	return (seat + 1) % SEATS;
}

static void dine(struct table *table, int seat)
{
	for (int meal = 0; meal < MEALS; meal++) {
		take_forks(table, seat);
		table->uses[seat]++;
		SNARL_POINT("dine/eating");
		table->uses[right_of(seat)]++;
		put_forks(table, seat);
	}
}

static void plato(void *state, struct snarl_actor *self)
{
	(void)self;
	dine(state, 0);
}

static void kant(void *state, struct snarl_actor *self)
{
	(void)self;
	dine(state, 1);
}

static void hume(void *state, struct snarl_actor *self)
{
	(void)self;
	dine(state, 2);
}

/* Inline, because not every table has five seats. */
static inline void locke(void *state, struct snarl_actor *self)
{
	(void)self;
	dine(state, 3);
}

static inline void hegel(void *state, struct snarl_actor *self)
{
	(void)self;
	dine(state, 4);
}

/* Each fork was used by both its neighbours, one after the other. */
static void one_at_a_time(void *state)
{
	struct table *table = state;

	for (int i = 0; i < SEATS; i++)
		snarl_expect_eq(SNARL_LOST_UPDATE, table->uses[i], 2 * MEALS, "uses");
}

#endif
