/*
 * common.h - alice and bob both want an account, whose owner is a variable of the environment: the
 * first to set it. Each variant defines how an actor claims the variable.
 */
#ifndef SCENARIOS_ENVIRONMENT_RACE_COMMON_H
#define SCENARIOS_ENVIRONMENT_RACE_COMMON_H

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <snarl.h>

#define VARIABLE "ACCOUNT_OWNER"

struct shared {
	pthread_mutex_t lock; /* guards the environment, which all threads share */
	bool alice, bob;      /* claimed it; each used by its actor only */
};

/* Set the variable unless it is set; return whether we did. */
static bool claim(struct shared *shared, const char *name);

static void alice(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;

	(void)self;
	shared->alice = claim(shared, "alice");
}

static void bob(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;

	(void)self;
	shared->bob = claim(shared, "bob");
}

static void setup(void *state)
{
	struct shared *shared = state;

	pthread_mutex_init(&shared->lock, NULL);
	unsetenv(VARIABLE);
}

static void one_owner(void *state)
{
	struct shared *shared = state;

	snarl_expect_eq(SNARL_DUPLICATE_ITEM, shared->alice + shared->bob, 1, "owners");
}

static void teardown(void *state)
{
	struct shared *shared = state;

	pthread_mutex_destroy(&shared->lock);
}

#endif
