/*
 * dining_philosophers/all_take_left: each takes the left fork first, then the right one.
 *
 * The left fork of one is the right fork of another, all around the table. When all have the left
 * fork, each waits for the right one, which its neighbour will not put down before it has eaten.
 *
 *   plato       kant        hume        locke       hegel
 *   fork[0]
 *               fork[1]
 *                           fork[2]
 *                                       fork[3]
 *                                                   fork[4]
 *   fork[1]: waits for kant, who waits for hume, ... who waits for hegel, who waits for plato
 *
 * In the end plato holds fork[0] and waits for fork[1]; kant holds fork[1] and waits for fork[2];
 * hume holds fork[2] and waits for fork[3]; locke holds fork[3] and waits for fork[4]; hegel holds
 * fork[4] and waits for fork[0].
 */
#include <pthread.h>
#include <snarl.h>

enum { SEATS = 5 };

struct table {
	pthread_mutex_t fork[SEATS]; /* fork[i] guards uses[i]; no order */
	int uses[SEATS];
};

#include "common.h"

static void take_forks(struct table *table, int seat)
{
	int left = seat, right = right_of(seat);
	int first = left, second = right;

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
	.summary = "five philosophers, each takes the left fork first",
	.refs = "CWE-833, CERT CON35-C, OSTEP 31, OSC 7.1, LBS 4.4",
	.state_size = sizeof(struct table),
	.actors = {{"plato", plato}, {"kant", kant}, {"hume", hume}, {"locke", locke},
		{"hegel", hegel}},
	.setup = setup,
	.check = one_at_a_time,
	.teardown = teardown,
	.observe = {"uses"},
	/* On two CPUs, five philosophers rarely hold one fork each by chance: a delay after the
	   first fork makes that likely. */
	.inject = {"take_forks/has_first:delay:p=0.5,us=50..100"},
	.expect = {.bug = SNARL_DEADLOCK,
		.cycle = "plato -> fork[1] -> kant -> fork[2] -> hume -> fork[3] -> locke -> "
			 "fork[4] -> hegel -> fork[0] -> plato",
		.tsan = {.bug = SNARL_LOCK_ORDER | SNARL_DEADLOCK}},
};
