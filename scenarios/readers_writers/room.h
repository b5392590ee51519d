/*
 * room.h - shared by the variants whose readers count themselves: a semaphore that the writer takes
 * for itself, and the first reader for all readers; it needs the members `count_lock` and `room`.
 */
#ifndef SCENARIOS_READERS_WRITERS_ROOM_H
#define SCENARIOS_READERS_WRITERS_ROOM_H

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>

struct shared; /* each variant's own */

static void setup(void *state)
{
	struct shared *shared = state;

	pthread_mutex_init(&shared->count_lock, NULL);
	sem_init(&shared->room, 0, 1);
}

static void teardown(void *state)
{
	struct shared *shared = state;

	sem_destroy(&shared->room);
	pthread_mutex_destroy(&shared->count_lock);
}

/* For all readers: they wait until the writer leaves. */
static void room_take(struct shared *shared)
{
	while (sem_wait(&shared->room) && errno == EINTR)
		;
}

/* The writer does not wait, because a wrong count could keep it out forever. */
static bool write_lock(struct shared *shared)
{
	return sem_trywait(&shared->room) == 0;
}

static void write_unlock(struct shared *shared)
{
	sem_post(&shared->room);
}

#endif
