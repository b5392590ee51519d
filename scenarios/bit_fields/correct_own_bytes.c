/*
 * bit_fields/correct_own_bytes: two bytes side by side, each under a lock of its own.
 *
 * A byte is the smallest memory location in C: a write to one leaves its neighbours alone. Adjacent
 * bit-fields are one memory location, unless a bit-field of width 0 stands between them.
 *
 *   doors lamps   porter                         electrician
 *     0     0     door_lock: free
 *     0     0                                    lamp_lock: free as well
 *     0     0     load 0 doors
 *     0     0                                    load 0 lamps
 *     0     1                                    store 1 lamp
 *     1     1     store 1 door
 */
#include <pthread.h>

struct house {
	pthread_mutex_t door_lock;
	pthread_mutex_t lamp_lock;
	unsigned char doors; /* under door_lock */
	unsigned char lamps; /* under lamp_lock */
};

#include "common.h"

static void setup(void *state)
{
	struct house *house = state;

	pthread_mutex_init(&house->door_lock, NULL);
	pthread_mutex_init(&house->lamp_lock, NULL);
}

static void teardown(void *state)
{
	struct house *house = state;

	pthread_mutex_destroy(&house->door_lock);
	pthread_mutex_destroy(&house->lamp_lock);
}

static void open_door(struct house *house)
{
	pthread_mutex_lock(&house->door_lock);
	SNARL_POINT("open/locked");
	house->doors++;
	pthread_mutex_unlock(&house->door_lock);
}

static void light_lamp(struct house *house)
{
	pthread_mutex_lock(&house->lamp_lock);
	SNARL_POINT("light/locked");
	house->lamps++;
	pthread_mutex_unlock(&house->lamp_lock);
}

const struct snarl_scenario scenario = {
	.summary = "two bytes, each under a lock of its own",
	.refs = "CWE-362, CERT CON32-C",
	.state_size = sizeof(struct house),
	.actors = {{"porter", porter}, {"electrician", electrician}},
	.setup = setup,
	.check = all_counted,
	.teardown = teardown,
	.observe = {"doors", "lamps"},
	.expect = {.bug = SNARL_NO_BUG},
};
