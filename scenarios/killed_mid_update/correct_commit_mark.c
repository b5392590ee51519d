/*
 * killed_mid_update/correct_commit_mark: one store commits a record.
 *
 * A kill can come between any two instructions, and the mutex keeps out only processes that live.
 * The new record is written beside the old one and does not count yet: until the mark is set, a
 * reader finds the old record, which is whole.
 *
 *   current  writer                     reader
 *      0     copies[1].number = 2
 *      0     (killed)                   lock: EOWNERDEAD
 *      0                                copies[0]: number 1, payload of 1
 */
#include <pthread.h>
#include <snarl.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { WORDS = 3 };

struct store {
	pthread_mutex_t mutex; /* guards the rest */
	_Atomic int current;   /* the committed copy; atomic: its store stays behind the copy's */
	struct record {
		int number;	  /* header */
		int words[WORDS]; /* payload: the number in each */
	} copies[2];
};

#include "record.h"

static void record_write(struct store *store, int number)
{
	int next = !atomic_load(&store->current);
	struct record *record = &store->copies[next];

	record->number = number;
	SNARL_POINT("write/half");
	for (int w = 0; w < WORDS; w++)
		record->words[w] = number;
	atomic_store(&store->current, next);
}

static const struct record *record_last(struct store *store)
{
	return &store->copies[atomic_load(&store->current)];
}

const struct snarl_scenario scenario = {
	.summary = "two copies of a record, and a commit mark that is set last",
	.refs = "CWE-460; OSTEP 42; UNPv2 7.8; pthread_mutex_consistent(3)",
	.state_size = sizeof(struct archive),
	.isolation = SNARL_PROCESSES,
	.actors = {{"writer", write_all}, {"reader", read_all}},
	.setup = store_setup,
	.check = every_record_whole,
	.observe = {"torn"},
	.inject = {"write/half:crash:p=0.3"},
};
