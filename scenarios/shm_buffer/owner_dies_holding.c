/*
 * shm_buffer/owner_dies_holding: a peer is killed while it holds the mutex.
 *
 * The kernel closes a dead process's files and gives back its memory; a mutex in shared memory is
 * nothing to it, unless it was made robust. It stays locked, by nobody.
 *
 *   alice                               bob
 *   lock(mutex)
 *   in++
 *   (killed)                            lock(mutex): waits for alice
 */
#include <pthread.h>
#include <snarl.h>
#include <stdbool.h>

enum { SLOTS = 4 };

struct buffer {
	pthread_mutex_t mutex;	 /* guards the rest */
	int in, out;		 /* items ever put, and ever taken */
	snarl_item slots[SLOTS]; /* 0: empty */
};

#include "shared.h"

static bool enter(struct buffer *buffer)
{
	return pthread_mutex_lock(&buffer->mutex) == 0;
}

static bool put(struct buffer *buffer, int i, struct snarl_actor *self)
{
	snarl_item item = snarl_item_next(self);

	(void)i;
	if (!enter(buffer))
		return false;
	buffer->in++;
	SNARL_POINT("put/counted");
	snarl_ledger_put(self, item, (buffer->in - 1) % SLOTS);
	buffer->slots[(buffer->in - 1) % SLOTS] = item;
	return pthread_mutex_unlock(&buffer->mutex) == 0;
}

static bool take(struct buffer *buffer, int i, struct snarl_actor *self)
{
	(void)i;
	if (!enter(buffer))
		return false;
	snarl_ledger_take(self, buffer->slots[buffer->out % SLOTS], buffer->out % SLOTS);
	buffer->slots[buffer->out % SLOTS] = 0;
	buffer->out++;
	return pthread_mutex_unlock(&buffer->mutex) == 0;
}

static void mutex_make(pthread_mutex_t *mutex)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(mutex, &attr);
	pthread_mutexattr_destroy(&attr);
}

const struct snarl_scenario scenario = {
	.summary = "the mutex of one who was killed holding it",
	.refs = "pthread_mutexattr_setrobust(3); UNPv2 7.8; CWE-667, CWE-833",
	.state_size = sizeof(struct meeting),
	.ledger_items = ITEMS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", put_and_take}, {"bob", put_and_take}},
	.setup = shared_setup,
	.check = every_item_once,
	.inject = {"put/counted:crash:p=0.2"},
	.expect = {.bug = SNARL_DEADLOCK | SNARL_HANG},
};
