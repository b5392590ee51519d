/*
 * hungry.h - philosophers who take both forks at once, under a lock, and count how often a
 * neighbour begins a meal while they are hungry. Each variant says what they wait for.
 */
#ifndef SCENARIOS_DINING_PHILOSOPHERS_HUNGRY_H
#define SCENARIOS_DINING_PHILOSOPHERS_HUNGRY_H

#include <pthread.h>

#include "common.h"

enum { OVERTAKEN_MAX = 2 /* once by each neighbour that was hungry earlier */ };

static int left_of(int seat)
{
	return (seat + SEATS - 1) % SEATS;
}

static int meals_beside(const struct table *table, int seat)
{
	return table->meals[left_of(seat)] + table->meals[right_of(seat)];
}

/* `before`: the meals beside it when it became hungry. */
static void eating_begin(struct table *table, int seat, int before)
{
	int overtaken = meals_beside(table, seat) - before;

	table->eating[seat] = true;
	table->meals[seat]++;
	if (overtaken > table->overtaken[seat])
		table->overtaken[seat] = overtaken;
}

static void put_forks(struct table *table, int seat)
{
	pthread_mutex_lock(&table->lock);
	table->eating[seat] = false;
	pthread_cond_broadcast(&table->changed);
	pthread_mutex_unlock(&table->lock);
	SNARL_POINT("put_forks/thinking");
}

static void setup(void *state)
{
	struct table *table = state;

	pthread_mutex_init(&table->lock, NULL);
	pthread_cond_init(&table->changed, NULL);
}

static void teardown(void *state)
{
	struct table *table = state;

	pthread_cond_destroy(&table->changed);
	pthread_mutex_destroy(&table->lock);
}

static void nobody_starved(void *state)
{
	struct table *table = state;

	one_at_a_time(state);
	for (int i = 0; i < SEATS; i++)
		if (table->overtaken[i] > OVERTAKEN_MAX)
			snarl_fail(SNARL_STARVATION,
				"%s was hungry while its neighbours began %d meals",
				scenario.actors[i].name, table->overtaken[i]);
}

#endif
