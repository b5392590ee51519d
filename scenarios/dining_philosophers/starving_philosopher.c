/*
 * dining_philosophers/starving_philosopher: whoever finds both forks free eats, hungry since or
 * not.
 *
 * Both forks are taken at once: there is no deadlock. But a hungry one is only told that something
 * has changed, and a neighbour who is quicker has the forks again by then, as often as it likes. Of
 * mutual exclusion, progress and bounded waiting, the third is missing.
 *
 *   plato                       kant
 *   eats
 *                               hungry: waits for plato
 *   puts back, tells all
 *   hungry, both are free: eats
 *                               wakes: waits for plato
 *   puts back, tells all
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
	int overtaken[SEATS]; /* at worst: meals that neighbours began while it was hungry */
	int uses[SEATS];      /* uses[i] is that neighbour's who eats */
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
