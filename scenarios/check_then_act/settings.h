/*
 * settings.h - settings that are made by the actor that needs them first, for the variants of
 * double-checked locking. Each variant defines settings_get and its `struct shared`, which needs
 * the members `lock`, `made` and `area`.
 */
#ifndef SCENARIOS_CHECK_THEN_ACT_SETTINGS_H
#define SCENARIOS_CHECK_THEN_ACT_SETTINGS_H

#include <pthread.h>
#include <snarl.h>

struct shared; /* each variant's own */

static struct settings *settings_get(struct shared *shared);

static void setup(void *state)
{
	struct shared *shared = state;

	pthread_mutex_init(&shared->lock, NULL);
}

static void teardown(void *state)
{
	struct shared *shared = state;

	pthread_mutex_destroy(&shared->lock);
}

static void use(struct shared *shared, int actor)
{
	struct settings *settings = settings_get(shared);

	shared->area[actor] = settings->width * settings->height;
}

static void alice(void *state, struct snarl_actor *self)
{
	(void)self;
	use(state, 0);
}

static void bob(void *state, struct snarl_actor *self)
{
	(void)self;
	use(state, 1);
}

static void made_once_and_whole(void *state)
{
	struct shared *shared = state;

	snarl_expect_eq(SNARL_ASSERTION, shared->made, 1, "made");
	snarl_expect_eq(SNARL_STALE_READ, shared->area[0], 42, "area[0]");
	snarl_expect_eq(SNARL_STALE_READ, shared->area[1], 42, "area[1]");
}

#endif
