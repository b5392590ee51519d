/*
 * dining_philosophers/starving_philosopher: a philosopher eats as soon as both forks are free, no
 * matter who has been hungry longer.
 *
 * Both forks are taken at once, so there is no deadlock. But a hungry philosopher is only woken
 * when something has changed, and by then a faster neighbour may have the forks again, any number
 * of times. Mutual exclusion and progress hold, but bounded waiting does not.
 *
 *   plato                       kant
 *   eats
 *                               hungry: waits for plato
 *   puts back, wakes all
 *   hungry, both are free: eats
 *                               wakes: waits for plato
 *   puts back, wakes all
 *   hungry, both are free: eats, and so on
 */
#include <pthread.h>
#include <stdbool.h>
#include <snarl.h>

/* Three seats are enough: each philosopher has two neighbours. */
enum { SEATS = 3 };

#define MEALS 4 /* so that neighbours come back */

struct table {
	pthread_mutex_t lock; /* guards all but uses */
	pthread_cond_t changed;
	bool eating[SEATS];
	int meals[SEATS];     /* begun */
	int overtaken[SEATS]; /* maximum of meals that neighbours began while it was hungry */
	int uses[SEATS];      /* uses[i] belongs to the neighbour who eats */
};

#include "hungry.h"

static void take_forks(struct table *table, int seat)
{
	int before;

	pthread_mutex_lock(&table->lock);
	before = meals_beside(table, seat);
	while (table->eating[left_of(seat)] || table->eating[right_of(seat)])
		pthread_cond_wait(&table->changed, &table->lock);
	eating_begin(table, seat, before);
	pthread_mutex_unlock(&table->lock);
}

const struct snarl_scenario scenario = {
	.summary = "philosophers who eat as soon as both forks are free",
	.refs = "OSTEP 28, OSC 6.2, OSC 7.1, LBS 4.4",
	.state_size = sizeof(struct table),
	.actors = {{"plato", plato}, {"kant", kant}, {"hume", hume}},
	.setup = setup,
	.check = nobody_starved,
	.teardown = teardown,
	.observe = {"eating", "meals", "overtaken"},
	.expect = {.bug = SNARL_STARVATION},
};
