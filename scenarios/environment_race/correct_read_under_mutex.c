/*
 * environment_race/correct_read_under_mutex: readers take the mutex of those that change the
 * environment.
 *
 * The array does not move while a reader is in it. A program that reads a value after its unlock
 * has to copy it first, because another actor may change or remove it.
 *
 *   array                reader                           remover
 *   GOES_1 STAYS_1       lock, looks for STAYS_1
 *   GOES_1 STAYS_1                                        lock: waits for the reader
 *   GOES_1 STAYS_1       slot 1: found, unlock
 *   STAYS_1                                               unsetenv(GOES_1), unlock
 */
#include "neighbours.h"

static bool is_set(struct shared *shared, const char *name)
{
	bool set;

	pthread_mutex_lock(&shared->lock);
	SNARL_POINT("is_set/before");
	set = getenv(name);
	pthread_mutex_unlock(&shared->lock);
	return set;
}

static void drop(struct shared *shared, const char *name)
{
	pthread_mutex_lock(&shared->lock);
	SNARL_POINT("drop/before");
	unsetenv(name);
	pthread_mutex_unlock(&shared->lock);
}

const struct snarl_scenario scenario = {
	.summary = "getenv and unsetenv in two threads under one mutex",
	.refs = "CWE-362, CERT CON33-C, TLPI 6.7",
	.state_size = sizeof(struct shared),
	.actors = {{"reader", look_up}, {"remover", drop_all}},
	.setup = setup,
	.check = none_missing,
	.teardown = teardown,
	.observe = {"missing"},
	.expect = {.bug = SNARL_NO_BUG},
};
