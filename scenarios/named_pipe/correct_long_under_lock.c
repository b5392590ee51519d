/*
 * named_pipe/correct_long_under_lock: messages of any length, and a lock for the writers.
 *
 * A write of more than PIPE_BUF bytes is not atomic. The writers use a mutex that is shared between
 * processes: while one of them waits for room for the rest of its message, no other writer gets in
 * between.
 *
 *   alice                      bob                        reader
 *   lock
 *   write 8192: 4096 are in    lock: waits
 *   waits                                                 read 4096: half of alice#1
 *   the rest is in                                        read 4096: the other half
 *   unlock                     write 8192
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <snarl.h>

#define WORDS 2048 /* twice PIPE_BUF */

struct office {
	pthread_mutex_t lock; /* guards the writing end, for all processes */
};

#include "common.h"

static bool message_post(struct office *office, int to, const struct message *message)
{
	bool done;

	pthread_mutex_lock(&office->lock);
	done = bytes_write(to, message, sizeof *message);
	pthread_mutex_unlock(&office->lock);
	return done;
}

static void setup(void *state)
{
	struct office *office = state;
	pthread_mutexattr_t shared;

	pthread_mutexattr_init(&shared);
	pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&office->lock, &shared);
	pthread_mutexattr_destroy(&shared);
	letters_make(state);
}

static void teardown(void *state)
{
	struct office *office = state;

	pthread_mutex_destroy(&office->lock);
}

const struct snarl_scenario scenario = {
	.summary = "two writers of one FIFO, with long messages under a lock",
	.refs = "fifo(7), pthread_mutexattr_getpshared(3); TLPI 44.7; UNP2 4.11, 7.7",
	.state_size = sizeof(struct office),
	.ledger_items = MESSAGES * WRITERS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", writer}, {"bob", writer}, {"reader", reader}},
	.setup = setup,
	.check = every_message_once,
	.teardown = teardown,
};
