/*
 * elsewhere.h - a ring that stores where its slots are, and that each process maps at another
 * address. Each variant defines what a `place` is.
 */
#ifndef SCENARIOS_SHM_BUFFER_ELSEWHERE_H
#define SCENARIOS_SHM_BUFFER_ELSEWHERE_H

#include <sched.h>
#include <semaphore.h>
#include <snarl.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { SLOTS = 2 };

struct buffer {
	_Atomic bool ready;	/* set once by the creator; nothing else is used before */
	sem_t empty, full;	/* free slots, and items to take */
	place slots;		/* r/o once ready */
	snarl_item room[SLOTS]; /* the producer's from a wait for empty to a post of full */
};

#include "common.h"
#include "down.h"

/* The place of the slots, which the creator stores in the buffer. */
static place place_of(struct buffer *buffer);

/* Their address, as this process derives it from the stored place. */
static snarl_item *slots_of(struct buffer *buffer);

static struct buffer *buffer_open(const char *name)
{
	int file = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	bool created = file >= 0;
	struct buffer *buffer;

	if (!created)
		file = shm_open(name, O_RDWR, 0600);
	if (ftruncate(file, sizeof *buffer) != 0)
		return NULL;
	/* The second process maps something else first, so that its buffer lies elsewhere. */
	if (!created)
		mmap(NULL, sizeof *buffer, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			0);
	buffer = mmap(NULL, sizeof *buffer, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	close(file);
	if (buffer == MAP_FAILED)
		return NULL;
	SNARL_POINT("open/mapped");
	if (created) {
		sem_init(&buffer->empty, 1, SLOTS);
		sem_init(&buffer->full, 1, 0);
		buffer->slots = place_of(buffer);
		atomic_store(&buffer->ready, true);
	}
	while (!atomic_load(&buffer->ready))
		sched_yield();
	return buffer;
}

static bool put(struct buffer *buffer, int i, struct snarl_actor *self)
{
	snarl_item item = snarl_item_next(self);

	if (!down(&buffer->empty))
		return false;
	snarl_ledger_put(self, item, i % SLOTS);
	slots_of(buffer)[i % SLOTS] = item;
	SNARL_POINT("put/written");
	return sem_post(&buffer->full) == 0;
}

static bool take(struct buffer *buffer, int i, struct snarl_actor *self)
{
	if (!down(&buffer->full))
		return false;
	snarl_ledger_take(self, slots_of(buffer)[i % SLOTS], i % SLOTS);
	return sem_post(&buffer->empty) == 0;
}

#endif
