/* ring.c - the shared memory object: made by the parent, mapped by both sides, by its name. */
#define _GNU_SOURCE
#include "ring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void name_of(char name[static CHANNEL_NAME_MAX + 1], const struct channel *channel)
{
	snprintf(name, CHANNEL_NAME_MAX + 1, "/%s", channel->name);
}

/*
 * Map the object with all its pages, so that the first messages do not pay for them. Its memory is
 * allocated before: otherwise a lack of it would show only when a page is touched, as SIGBUS.
 */
static struct ring *object_map(struct channel *channel, int fd)
{
	void *at = mmap(NULL, 2 * sizeof(struct ring), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_POPULATE, fd, 0);

	if (at != MAP_FAILED)
		return at;
	channel_failed(channel, "mmap");
	return NULL;
}

int rings_open(struct channel *channel)
{
	char name[CHANNEL_NAME_MAX + 1];
	struct ring *rings;
	int fd, error;

	name_of(name, channel);
	fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		return channel_failed(channel, "shm_open");
	error = posix_fallocate(fd, 0, 2 * sizeof *rings);
	rings = error ? NULL : object_map(channel, fd);
	close(fd);
	if (error) {
		errno = error;
		return channel_failed(channel, "posix_fallocate");
	}
	if (!rings)
		return -ENOMEM;
	for (int way = 0; way < 2; way++)
		if (sem_init(&rings[way].filled, 1, 0) != 0 ||
			sem_init(&rings[way].empty, 1, RING_SLOTS) != 0)
			error = channel_failed(channel, "sem_init");
	munmap(rings, 2 * sizeof *rings);
	return error;
}

int rings_join(struct channel *channel, enum side side)
{
	struct rings *state = calloc(1, sizeof *state);
	char name[CHANNEL_NAME_MAX + 1];
	struct ring *rings;
	int fd;

	if (!state)
		return channel_failed(channel, "calloc");
	channel->state = state;
	name_of(name, channel);
	fd = shm_open(name, O_RDWR, 0);
	if (fd < 0)
		return channel_failed(channel, "shm_open");
	rings = object_map(channel, fd);
	close(fd);
	if (!rings)
		return -ENOMEM;
	state->out = &rings[side == CLIENT ? 0 : 1];
	state->in = &rings[side == CLIENT ? 1 : 0];
	return 0;
}

void rings_forget(struct channel *channel)
{
	char name[CHANNEL_NAME_MAX + 1];

	name_of(name, channel);
	shm_unlink(name);
}
