/*
 * dining_philosophers/correct_by_waiter: a waiter lets four of the five sit down at a time.
 *
 * Each takes the left fork first, but four philosophers cannot hold all five left forks. One of
 * them finds the right fork free as well, eats and leaves.
 *
 *   plato       kant        hume        locke       hegel
 *   sits down   sits down   sits down   sits down
 *                                                   waits for a chair, and holds nothing
 *   fork[0]     fork[1]     fork[2]     fork[3]
 *                                       fork[4]: eats
 */
#include <pthread.h>
#include <semaphore.h>
#include <snarl.h>

enum { SEATS = 5 };

struct table {
	pthread_mutex_t fork[SEATS]; /* fork[i] guards uses[i]; no order, see chairs */
	sem_t chairs;		     /* free chairs: one fewer than the forks; precedes fork */
	int uses[SEATS];
};

#include "common.h"

static void take_forks(struct table *table, int seat)
{
	int left = seat, right = right_of(seat);
	int first = left, second = right;

	while (sem_wait(&table->chairs) != 0)
		; /* interrupted by a signal */
	pthread_mutex_lock(&table->fork[first]);
	SNARL_POINT("take_forks/has_first");
	pthread_mutex_lock(&table->fork[second]);
}

static void put_forks(struct table *table, int seat)
{
	pthread_mutex_unlock(&table->fork[right_of(seat)]);
	pthread_mutex_unlock(&table->fork[seat]);
	sem_post(&table->chairs);
}

static void setup(void *state)
{
	struct table *table = state;

	sem_init(&table->chairs, 0, SEATS - 1);
	for (int i = 0; i < SEATS; i++)
		pthread_mutex_init(&table->fork[i], NULL);
}

static void teardown(void *state)
{
	struct table *table = state;

	for (int i = 0; i < SEATS; i++)
		pthread_mutex_destroy(&table->fork[i]);
	sem_destroy(&table->chairs);
}

const struct snarl_scenario scenario = {
	.summary = "five philosophers, of whom a waiter lets four sit down at a time",
	.refs = "CWE-833, CERT CON35-C, OSTEP 31, OSC 7.1, LBS 4.4",
	.state_size = sizeof(struct table),
	.actors = {{"plato", plato}, {"kant", kant}, {"hume", hume}, {"locke", locke},
		{"hegel", hegel}},
	.setup = setup,
	.check = one_at_a_time,
	.teardown = teardown,
	.observe = {"uses"},
	.expect = {.bug = SNARL_NO_BUG,
		.tsan = {.detection = SNARL_MAY_SEE,
			.bug = SNARL_LOCK_ORDER,
			.why = "TSan sees the ring of forks, and not that the waiter keeps it "
			       "open"}},
};
