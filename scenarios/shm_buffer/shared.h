/*
 * shared.h - a ring that the set-up creates before the peers start. Each variant says what becomes
 * of the mutex when its owner dies (ROBUSTNESS), and how a peer locks it (enter).
 */
#ifndef SCENARIOS_SHM_BUFFER_SHARED_H
#define SCENARIOS_SHM_BUFFER_SHARED_H

#include <pthread.h>
#include <snarl.h>
#include <stdbool.h>

enum { SLOTS = 4 };

struct buffer {
	pthread_mutex_t mutex;	 /* guards the rest */
	int in, out;		 /* items ever put, and ever taken */
	snarl_item slots[SLOTS]; /* 0: empty */
};

#include "common.h"

/* Lock the mutex; false if that was not possible. */
static bool enter(struct buffer *buffer);

static struct buffer *buffer_map(const char *name, int flags)
{
	int file = shm_open(name, O_RDWR | flags, 0600);
	struct buffer *buffer = MAP_FAILED;

	if (file >= 0 && (!flags || ftruncate(file, sizeof *buffer) == 0))
		buffer = mmap(NULL, sizeof *buffer, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (file >= 0)
		close(file);
	return buffer == MAP_FAILED ? NULL : buffer;
}

static struct buffer *buffer_open(const char *name)
{
	return buffer_map(name, 0);
}

static void mutex_make(pthread_mutex_t *mutex)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attr, ROBUSTNESS);
	pthread_mutex_init(mutex, &attr);
	pthread_mutexattr_destroy(&attr);
}

static void shared_setup(void *state)
{
	struct meeting *meeting = state;
	struct buffer *buffer;

	meeting_setup(state);
	buffer = buffer_map(meeting->name, O_CREAT | O_EXCL);
	if (!buffer)
		snarl_skip("no shared memory: %s", strerror(errno));
	mutex_make(&buffer->mutex);
	munmap(buffer, sizeof *buffer);
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

#endif
