/*
 * killed_mid_update/correct_sequence: numbers before and after an update show that it is whole.
 *
 * A kill can come between any two instructions, and the mutex keeps out only processes that live.
 * If an update was begun and not ended, the reader uses nothing of it: there is no valid record,
 * and the reader knows that.
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
	_Atomic int begun;     /* last update begun; atomic: its store stays before the record's */
	struct record {
		int number;	  /* header */
		int words[WORDS]; /* payload: the number in each */
	} record;
	_Atomic int ended; /* last update ended; its store stays behind the record's */
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
	.summary = "sequence numbers that are stored before and after each update of a record",
	.refs = "CWE-460; OSTEP 42; UNPv2 7.8; pthread_mutex_consistent(3)",
	.state_size = sizeof(struct archive),
	.isolation = SNARL_PROCESSES,
	.actors = {{"writer", write_all}, {"reader", read_all}},
	.setup = store_setup,
	.check = every_record_whole,
	.observe = {"torn"},
	.inject = {"write/half:crash:p=0.3"},
};
