/*
 * ring.h - a ring of slots in a POSIX shared memory object, one for each way. Each mechanism
 * decides how the two sides wait for each other.
 */
#ifndef SNARL_BENCH_RING_H
#define SNARL_BENCH_RING_H

#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>

#include "channel.h"

/* Both ways together take half a megabyte: as much as a core's own cache holds. */
enum { RING_SLOTS = 16, RING_SLOT_BYTES = 16 << 10, CACHE_LINE = 64 };

struct ring {
	_Alignas(CACHE_LINE) sem_t filled;
	_Alignas(CACHE_LINE) sem_t empty;
	/*
	 * The number of slots ever filled, written only by the sender, and emptied, only by the
	 * receiver.
	 */
	_Alignas(CACHE_LINE) _Atomic uint64_t head;
	_Alignas(CACHE_LINE) _Atomic uint64_t tail;
	_Alignas(CACHE_LINE) char slots[RING_SLOTS][RING_SLOT_BYTES];
};

struct rings {
	struct ring *out, *in;
	uint64_t sent, received; /* slots */
};

int rings_open(struct channel *channel);
int rings_join(struct channel *channel, enum side side);
void rings_forget(struct channel *channel);

/* The length of the next part of a message of which `left` bytes are left. */
static inline size_t ring_part(size_t left)
{
	return left < RING_SLOT_BYTES ? left : RING_SLOT_BYTES;
}

#endif
