/*
 * bit_fields/correct_one_lock: two bit-fields side by side under one lock.
 *
 * A write to a bit-field writes the whole byte. The two share a byte, so they share a lock.
 *
 *   doors lamps   porter                         electrician
 *     0     0     lock: free
 *     0     0     byte = 0 doors, 0 lamps        lock: waits
 *     1     0     store 1 door, 0 lamps
 *     1     0     unlock                         byte = 1 door, 0 lamps
 *     1     1                                    store 1 door, 1 lamp
 */
#include <pthread.h>

struct house {
	pthread_mutex_t lock; /* guards doors and lamps */
	unsigned doors : 4;   /* under lock */
	unsigned lamps : 4;   /* under lock; in the same byte */
};

#include "common.h"

static void setup(void *state)
{
	struct house *house = state;

	pthread_mutex_init(&house->lock, NULL);
}

static void teardown(void *state)
{
	struct house *house = state;

	pthread_mutex_destroy(&house->lock);
}

static void open_door(struct house *house)
{
	pthread_mutex_lock(&house->lock);
	SNARL_POINT("open/locked");
	house->doors++;
	pthread_mutex_unlock(&house->lock);
}

static void light_lamp(struct house *house)
{
	pthread_mutex_lock(&house->lock);
	SNARL_POINT("light/locked");
	house->lamps++;
	pthread_mutex_unlock(&house->lock);
}

const struct snarl_scenario scenario = {
	.summary = "two bit-fields of one byte under one lock",
	.refs = "CWE-362, CERT CON32-C",
	.state_size = sizeof(struct house),
	.actors = {{"porter", porter}, {"electrician", electrician}},
	.setup = setup,
	.check = all_counted,
	.teardown = teardown,
	.observe = {"doors", "lamps"},
	.expect = {.bug = SNARL_NO_BUG},
};
