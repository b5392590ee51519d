/*
 * mutex_cond.h - shared by the variants that make their read-write lock of a mutex and a condition;
 * it needs the members `lock`, `changed` and `writing`.
 */
#ifndef SCENARIOS_READERS_WRITERS_MUTEX_COND_H
#define SCENARIOS_READERS_WRITERS_MUTEX_COND_H

#include <pthread.h>
#include <snarl.h>
#include <stdbool.h>

struct shared; /* each variant's own */

static void setup(void *state)
{
	struct shared *shared = state;

	pthread_mutex_init(&shared->lock, NULL);
	pthread_cond_init(&shared->changed, NULL);
}

static void teardown(void *state)
{
	struct shared *shared = state;

	pthread_cond_destroy(&shared->changed);
	pthread_mutex_destroy(&shared->lock);
}

static void write_unlock(struct shared *shared)
{
	pthread_mutex_lock(&shared->lock);
	shared->writing = false;
	pthread_cond_broadcast(&shared->changed);
	pthread_mutex_unlock(&shared->lock);
}

#endif
