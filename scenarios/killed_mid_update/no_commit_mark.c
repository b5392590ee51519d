/*
 * killed_mid_update/no_commit_mark: a record whose writer was killed looks like any other.
 *
 * The mutex keeps the reader out of an update while the writer lives, but a kill can come between
 * header and payload. The robust mutex then passes to the reader, and nothing in the record shows
 * that its two parts are of two updates.
 *
 *   writer                              reader
 *   lock, number = 1, payload of 1
 *   lock, number = 2
 *   (killed)                            lock: EOWNERDEAD
 *                                       number 2, payload of 1
 */
#include <pthread.h>
#include <snarl.h>
#include <stdbool.h>

enum { WORDS = 3 };

struct store {
	pthread_mutex_t mutex; /* guards the rest */
	struct record {
		int number;	  /* header */
		int words[WORDS]; /* payload: the number in each */
	} record;
};

#include "record.h"

static void record_write(struct store *store, int number)
{
	struct record *record = &store->record;

	record->number = number;
	SNARL_POINT("write/half");
	for (int w = 0; w < WORDS; w++)
		record->words[w] = number;
}

static const struct record *record_last(struct store *store)
{
	return &store->record;
}

const struct snarl_scenario scenario = {
	.summary = "a record without a commit mark, whose writer is killed in an update",
	.refs = "CWE-460; OSTEP 42; UNPv2 7.8; pthread_mutex_consistent(3)",
	.state_size = sizeof(struct archive),
	.isolation = SNARL_PROCESSES,
	.actors = {{"writer", write_all}, {"reader", read_all}},
	.setup = store_setup,
	.check = every_record_whole,
	.observe = {"torn"},
	.inject = {"write/half:crash:p=0.3"},
	.expect = {.bug = SNARL_TORN_MESSAGE},
};
