/*
 * shm_buffer/correct_robust_mutex: a peer may be killed while it holds the mutex, and the other
 * puts right what it left.
 *
 * The kernel gives a robust mutex to the next who wants it, and says so: EOWNERDEAD. What the dead
 * one was at may be half done; a slot that counts as filled and is empty is one that it did not
 * come to fill. Who finds that undoes it first, and only then calls the mutex consistent.
 *
 *   in  alice                           bob
 *    0  lock(mutex)
 *    1  in++
 *    1  (killed)                        lock(mutex): EOWNERDEAD
 *    0                                  slots[0] is empty: in--
 *    0                                  consistent(mutex)
 *    1                                  slots[0] = bob#1
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
	int error = pthread_mutex_lock(&buffer->mutex);

	if (error == EOWNERDEAD) {
		if (buffer->in > buffer->out && !buffer->slots[(buffer->in - 1) % SLOTS])
			buffer->in--;
		error = pthread_mutex_consistent(&buffer->mutex);
	}
	return error == 0;
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
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(mutex, &attr);
	pthread_mutexattr_destroy(&attr);
}

const struct snarl_scenario scenario = {
	.summary = "whoever dies holding the mutex is undone by the next who has it",
	.refs = "pthread_mutexattr_setrobust(3), pthread_mutex_consistent(3); UNPv2 7.8; TLPI 53, "
		"54",
	.state_size = sizeof(struct meeting),
	.ledger_items = ITEMS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", put_and_take}, {"bob", put_and_take}},
	.setup = shared_setup,
	.check = every_item_once,
	.inject = {"put/counted:crash:p=0.2"},
};
