/*
 * bit_fields/lock_per_field: two bit-fields side by side, each under a lock of its own.
 *
 * No processor stores four bits. A write to a bit-field loads the whole byte, changes its bits and
 * stores the byte, with the neighbour's bits as they were at the load. An update that the neighbour
 * has made since is lost, although each actor locked what it meant to write.
 *
 *   doors lamps   porter                         electrician
 *     0     0     door_lock: free
 *     0     0                                    lamp_lock: free as well
 *     0     0     byte = 0 doors, 0 lamps
 *     0     0                                    byte = 0 doors, 0 lamps
 *     0     1                                    store 0 doors, 1 lamp
 *     1     0     store 1 door, 0 lamps: a lamp is lost
 */
#include <pthread.h>

struct house {
	pthread_mutex_t door_lock;
	pthread_mutex_t lamp_lock;
	unsigned doors : 4; /* meant to be under door_lock */
	unsigned lamps : 4; /* meant to be under lamp_lock; in the same byte */
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
	.summary = "two bit-fields of one byte, each under a lock of its own",
	.refs = "CWE-362, CERT CON32-C",
	.state_size = sizeof(struct house),
	.actors = {{"porter", porter}, {"electrician", electrician}},
	.setup = setup,
	.check = all_counted,
	.teardown = teardown,
	.observe = {"doors", "lamps"},
	.expect = {.bug = SNARL_LOST_UPDATE, .race_in = "open_door"},
};
