/*
 * dining_philosophers/correct_by_order: the fork with the lower number first.
 *
 * Four take the left fork first, and Hegel, between the forks 4 and 0, the right one. A philosopher
 * who holds a fork waits only for one with a higher number, so a chain of waiters cannot form a
 * cycle.
 *
 *   plato       kant        hume        locke       hegel
 *   fork[0]
 *               fork[1]
 *                           fork[2]
 *                                       fork[3]
 *                                                   fork[0]: waits, and holds nothing
 *                                       fork[4]: eats
 */
#include <pthread.h>
#include <snarl.h>

enum { SEATS = 5 };

struct table {
	pthread_mutex_t fork[SEATS]; /* fork[i] guards uses[i]; precedes fork[i + 1] */
	int uses[SEATS];
};

#include "common.h"

static void take_forks(struct table *table, int seat)
{
	int left = seat, right = right_of(seat);
	int first = left < right ? left : right, second = left < right ? right : left;

	pthread_mutex_lock(&table->fork[first]);
	SNARL_POINT("take_forks/has_first");
	pthread_mutex_lock(&table->fork[second]);
}

static void put_forks(struct table *table, int seat)
{
	pthread_mutex_unlock(&table->fork[right_of(seat)]);
	pthread_mutex_unlock(&table->fork[seat]);
}

static void setup(void *state)
{
	struct table *table = state;

	for (int i = 0; i < SEATS; i++)
		pthread_mutex_init(&table->fork[i], NULL);
}

static void teardown(void *state)
{
	struct table *table = state;

	for (int i = 0; i < SEATS; i++)
		pthread_mutex_destroy(&table->fork[i]);
}

const struct snarl_scenario scenario = {
	.summary = "five philosophers, each takes the fork with the lower number first",
	.refs = "CWE-833, CERT CON35-C, OSTEP 31, OSC 7.1, LBS 4.4",
	.state_size = sizeof(struct table),
	.actors = {{"plato", plato}, {"kant", kant}, {"hume", hume}, {"locke", locke},
		{"hegel", hegel}},
	.setup = setup,
	.check = one_at_a_time,
	.teardown = teardown,
	.observe = {"uses"},
	.expect = {.bug = SNARL_NO_BUG},
};
