/*
 * dining_philosophers/correct_bounded_waiting: the philosopher who has been hungry longest eats
 * next.
 *
 * A hungry philosopher takes a ticket, and gives way to a neighbour with an older one. A neighbour
 * who has eaten comes back with a newer ticket, so each overtakes the hungry one at most once.
 * Tickets are ordered, so there is always a philosopher who gives way to nobody.
 *
 *   plato                       kant                        hume
 *   ticket 1, eats
 *                               ticket 2: waits for plato
 *                                                           ticket 3: gives way to kant
 *   puts back, wakes all
 *   ticket 4: gives way to kant
 *                               eats
 */
#include <pthread.h>
#include <stdbool.h>
#include <snarl.h>

/* Three seats are enough: each philosopher has two neighbours. */
enum { SEATS = 3 };

#define MEALS 2 /* so that neighbours come back */

struct table {
	pthread_mutex_t lock; /* guards all but uses */
	pthread_cond_t changed;
	int tickets;	   /* given out */
	int hungry[SEATS]; /* ticket; 0: not hungry */
	bool eating[SEATS];
	int meals[SEATS];     /* begun */
	int overtaken[SEATS]; /* maximum of meals that neighbours began while it was hungry */
	int uses[SEATS];      /* uses[i] belongs to the neighbour who eats */
};

#include "hungry.h"

static bool gives_way(const struct table *table, int seat, int neighbour)
{
	int since = table->hungry[neighbour];

	return table->eating[neighbour] || (since && since < table->hungry[seat]);
}

static void take_forks(struct table *table, int seat)
{
	int before;

	pthread_mutex_lock(&table->lock);
	before = meals_beside(table, seat);
	table->hungry[seat] = ++table->tickets;
	while (gives_way(table, seat, left_of(seat)) || gives_way(table, seat, right_of(seat)))
		pthread_cond_wait(&table->changed, &table->lock);
	table->hungry[seat] = 0;
	eating_begin(table, seat, before);
	pthread_mutex_unlock(&table->lock);
}

const struct snarl_scenario scenario = {
	.summary = "philosophers who give way to a neighbour who has been hungry longer",
	.refs = "OSTEP 28, OSC 6.2, OSC 7.1, LBS 4.4",
	.state_size = sizeof(struct table),
	.actors = {{"plato", plato}, {"kant", kant}, {"hume", hume}},
	.setup = setup,
	.check = nobody_starved,
	.teardown = teardown,
	.observe = {"eating", "meals", "overtaken"},
	.expect = {.bug = SNARL_NO_BUG},
};
