/*
 * neighbours.h - a reader looks up variables that nobody changes, while a remover removes the
 * variables between them. Each variant defines how the two access the environment.
 */
#ifndef SCENARIOS_ENVIRONMENT_RACE_NEIGHBOURS_H
#define SCENARIOS_ENVIRONMENT_RACE_NEIGHBOURS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <snarl.h>

enum { VARIABLES = 4 };

/* In the order of the environment's array: each that goes is before one that stays. */
static const char *const GOES[VARIABLES] = {"GOES_1", "GOES_2", "GOES_3", "GOES_4"};
static const char *const STAYS[VARIABLES] = {"STAYS_1", "STAYS_2", "STAYS_3", "STAYS_4"};

struct shared {
	pthread_mutex_t lock; /* guards the environment, which all threads share */
	int missing;	      /* the reader's: variables that it did not find */
};

/* Whether the variable is set. */
static bool is_set(struct shared *shared, const char *name);

/* Remove the variable. */
static void drop(struct shared *shared, const char *name);

static void look_up(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;

	(void)self;
	for (int i = 0; i < VARIABLES; i++)
		shared->missing += !is_set(shared, STAYS[i]);
}

static void drop_all(void *state, struct snarl_actor *self)
{
	(void)self;
	for (int i = 0; i < VARIABLES; i++)
		drop(state, GOES[i]);
}

static void setup(void *state)
{
	struct shared *shared = state;

	pthread_mutex_init(&shared->lock, NULL);
	for (int i = 0; i < VARIABLES; i++)
		unsetenv(STAYS[i]);
	for (int i = 0; i < VARIABLES; i++) {
		setenv(GOES[i], "1", 1);
		setenv(STAYS[i], "1", 1);
	}
}

static void none_missing(void *state)
{
	struct shared *shared = state;

	snarl_expect_eq(SNARL_STALE_READ, shared->missing, 0, "missing");
}

static void teardown(void *state)
{
	struct shared *shared = state;

	pthread_mutex_destroy(&shared->lock);
}

#endif
