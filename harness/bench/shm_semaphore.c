/* shm_semaphore.c - shared memory; a waiter sleeps on a process-shared semaphore. */
#include <errno.h>
#include <string.h>

#include "ring.h"

static int slot_wait(struct channel *channel, sem_t *semaphore)
{
	while (sem_wait(semaphore) != 0)
		if (errno != EINTR)
			return channel_failed(channel, "sem_wait");
	return 0;
}

static int slot_post(struct channel *channel, sem_t *semaphore)
{
	return sem_post(semaphore) == 0 ? 0 : channel_failed(channel, "sem_post");
}

static int ring_send(struct channel *channel, const void *message, size_t size)
{
	struct rings *rings = channel->state;
	const char *at = message;
	int error = 0;

	for (size_t part; size > 0 && !error; at += part, size -= part) {
		part = ring_part(size);
		error = slot_wait(channel, &rings->out->empty);
		if (error)
			return error;
		memcpy(rings->out->slots[rings->sent++ % RING_SLOTS], at, part);
		error = slot_post(channel, &rings->out->filled);
	}
	return error;
}

static int ring_receive(struct channel *channel, void *message, size_t size)
{
	struct rings *rings = channel->state;
	char *at = message;
	int error = 0;

	for (size_t part; size > 0 && !error; at += part, size -= part) {
		part = ring_part(size);
		error = slot_wait(channel, &rings->in->filled);
		if (error)
			return error;
		memcpy(at, rings->in->slots[rings->received++ % RING_SLOTS], part);
		error = slot_post(channel, &rings->in->empty);
	}
	return error;
}

MECHANISM(shm_semaphore_mechanism) = {
	.name = "shm_semaphore",
	.title = "shared memory with semaphores",
	.family = SHARED_MEMORY,
	.copies = 2,
	.copied = "into the ring by the sender, out of it by the receiver",
	.names = "/dev/shm",
	.open = rings_open,
	.join = rings_join,
	.send = ring_send,
	.receive = ring_receive,
	.forget = rings_forget,
};
