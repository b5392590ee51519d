/*
 * semaphores.h - a ring whose free slots and items are counted by semaphores in the ring itself.
 * Each variant says how a process opens the ring, and which process initialises the semaphores.
 */
#ifndef SCENARIOS_SHM_BUFFER_SEMAPHORES_H
#define SCENARIOS_SHM_BUFFER_SEMAPHORES_H

#include <sched.h>
#include <semaphore.h>
#include <snarl.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { SLOTS = 2 };

struct buffer {
	_Atomic bool ready;	 /* set once by the creator; nothing else is used before */
	sem_t empty, full;	 /* free slots, and items to take */
	snarl_item slots[SLOTS]; /* the producer's from a wait for empty to a post of full */
};

#include "common.h"
#include "down.h"

static bool put(struct buffer *buffer, int i, struct snarl_actor *self)
{
	snarl_item item = snarl_item_next(self);

	if (!down(&buffer->empty))
		return false;
	snarl_ledger_put(self, item, i % SLOTS);
	buffer->slots[i % SLOTS] = item;
	SNARL_POINT("put/written");
	return sem_post(&buffer->full) == 0;
}

static bool take(struct buffer *buffer, int i, struct snarl_actor *self)
{
	if (!down(&buffer->full))
		return false;
	snarl_ledger_take(self, buffer->slots[i % SLOTS], i % SLOTS);
	return sem_post(&buffer->empty) == 0;
}

#endif
