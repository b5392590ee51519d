/*
 * shared.h - the object of the peers, made by whoever starts both, before they start.
 */
#ifndef SCENARIOS_SHM_BUFFER_SHARED_H
#define SCENARIOS_SHM_BUFFER_SHARED_H

#include "common.h"

/* A mutex for several processes, as the variant wants it. */
static void mutex_make(pthread_mutex_t *mutex);

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

#endif
