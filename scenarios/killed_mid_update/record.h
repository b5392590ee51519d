/*
 * record.h - a writer replaces a record, header and payload, several times, unless a rule kills it
 * in between; a reader reads the record that is there. A robust mutex keeps them apart. Each
 * variant says how a record is replaced, and how the last one that is whole is found.
 */
#ifndef SCENARIOS_KILLED_MID_UPDATE_RECORD_H
#define SCENARIOS_KILLED_MID_UPDATE_RECORD_H

#include <pthread.h>
#include <stdbool.h>

#include "common.h"

enum { UPDATES = 3 };

/* Replace the record; under mutex. */
static void record_write(struct store *store, int number);

/* The last record that was written; NULL: none is known to be whole. Under mutex. */
static const struct record *record_last(struct store *store);

static bool store_enter(struct store *store)
{
	int error = pthread_mutex_lock(&store->mutex);

	/* The variant's record_last has to find out whether the record is whole. */
	return (error == EOWNERDEAD ? pthread_mutex_consistent(&store->mutex) : error) == 0;
}

static void write_all(void *state, struct snarl_actor *self)
{
	struct archive *archive = state;
	struct store *store = store_map(archive->name, 0);

	(void)self;
	for (int number = 1; store && number <= UPDATES && store_enter(store); number++) {
		record_write(store, number);
		pthread_mutex_unlock(&store->mutex);
	}
	if (store)
		munmap(store, sizeof *store);
}

static bool is_torn(const struct record *record)
{
	for (int w = 0; w < WORDS; w++)
		if (record->words[w] != record->number)
			return true;
	return false;
}

static void read_all(void *state, struct snarl_actor *self)
{
	struct archive *archive = state;
	struct store *store = store_map(archive->name, 0);

	(void)self;
	for (int i = 0; store && i < UPDATES && store_enter(store); i++) {
		const struct record *record = record_last(store);

		archive->torn += record && is_torn(record);
		pthread_mutex_unlock(&store->mutex);
	}
	if (store)
		munmap(store, sizeof *store);
}

static void store_setup(void *state)
{
	struct store *store = store_create(state);
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&store->mutex, &attr);
	pthread_mutexattr_destroy(&attr);
	munmap(store, sizeof *store);
}

static void every_record_whole(void *state)
{
	struct archive *archive = state;

	snarl_expect_eq(SNARL_TORN_MESSAGE, archive->torn, 0, "torn");
}

#endif
