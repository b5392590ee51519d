/*
 * killed_mid_update/correct_sequence: a number before the update and one behind it say whether it
 * is whole.
 *
 * A kill comes between any two instructions and asks nobody; the mutex keeps out those who live. Of
 * an update that was begun and not ended nothing is believed: there is no record, and that is
 * known.
 *
 *   begun ended  writer                 reader
 *     2     1    begun = 2, number = 2
 *     2     1    (killed)               lock: EOWNERDEAD
 *     2     1                           begun is not ended: no record
 */
#include <pthread.h>
#include <snarl.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { WORDS = 3 };

struct store {
	pthread_mutex_t mutex; /* guards the rest */
	_Atomic int begun;     /* updates; atomic: stays before what is written, */
	struct record {
		int number;	  /* header */
		int words[WORDS]; /* payload: the number in each */
	} record;
	_Atomic int ended; /* and this one behind it */
};

#include "record.h"

static void record_write(struct store *store, int number)
{
	struct record *record = &store->record;

	atomic_store(&store->begun, number);
	record->number = number;
	SNARL_POINT("write/half");
	for (int w = 0; w < WORDS; w++)
		record->words[w] = number;
	atomic_store(&store->ended, number);
}

static const struct record *record_last(struct store *store)
{
	bool whole = atomic_load(&store->begun) == atomic_load(&store->ended);

	return whole ? &store->record : NULL;
}

const struct snarl_scenario scenario = {
	.summary = "a sequence number before the update and one behind it",
	.refs = "CWE-460; OSTEP 42; UNPv2 7.8; pthread_mutex_consistent(3)",
	.state_size = sizeof(struct archive),
	.isolation = SNARL_PROCESSES,
	.actors = {{"writer", write_all}, {"reader", read_all}},
	.setup = store_setup,
	.check = every_record_whole,
	.observe = {"torn"},
	.inject = {"write/half:crash:p=0.3"},
};
