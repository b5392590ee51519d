/* access.h - one access of an actor to memory: the hot path of the engine. */
#ifndef SNARL_EXPLORE_ACCESS_H
#define SNARL_EXPLORE_ACCESS_H

#include <stddef.h>
#include <stdint.h>

#include "heap.h"
#include "spin.h"
#include "location.h"
#include "trace.h"
#include "scheduler.h"

/* A race was seen: its first schedule is to be kept. */
void access_raced(const struct location *location);

/* Report an access to the trace and the strategy. */
void access_watched(struct actor *self, const struct location *location, uintptr_t address,
	unsigned size, enum location_access kind, bool raced, const void *pc);

/* Unpark the actors that watch a location or one that overlaps it. */
void access_unpark_overlapping(struct location *location);

/* The step of an access to a location: a scheduling point before it. */
static inline void access_step(struct actor *self, struct location *location, uintptr_t address,
	enum location_access kind, const void *pc)
{
	location_used(location, self->index, kind);
	if (++self->count >= self->decide_at)
		scheduler_decide(self, location->shared, (const void *)address, pc,
			kind & LOCATION_IS_WRITE);
}

/* The access itself, after its scheduling point: check heap bounds and races, and trace it. */
static inline void access_note(struct actor *self, struct location *location, uintptr_t address,
	unsigned size, enum location_access kind, const void *pc)
{
	bool raced = false;

	if (__builtin_expect(heap_has(address), 0))
		heap_check(address, size, pc);
	if (scheduler.races_wanted)
		raced = __builtin_expect(location->overlaps, 0)
				? location_races_overlapping(
					  location, self->index, &self->now, kind)
				: location_races(location, self->index, &self->now, kind);
	if (__builtin_expect(scheduler.watched, 0))
		access_watched(self, location, address, size, kind, raced, pc);
	if (__builtin_expect(raced, 0))
		access_raced(location);
}

/* Unpark the actors that watch a location. */
static inline void access_unpark(struct location *location)
{
	actor_set watchers = location->watchers;

	location->watchers = 0;
	scheduler_unpark(watchers);
}

static inline void access_wrote(struct actor *self, struct location *location)
{
	spin_break(self);
	if (__builtin_expect(scheduler.parked, 0)) {
		if (location->overlaps)
			access_unpark_overlapping(location);
		else if (location->watchers)
			access_unpark(location);
	}
}

/* An access within one word. */
static inline void access_word(struct actor *self, uintptr_t address, unsigned size,
	enum location_access kind, const void *pc, const void *sp)
{
	struct location *location = location_at(address, size);

	access_step(self, location, address, kind, pc);
	if (!(kind & LOCATION_IS_WRITE))
		spin_read(self, location, address, size, pc, sp);
	access_note(self, location, address, size, kind, pc);
	if (kind & LOCATION_IS_WRITE)
		access_wrote(self, location);
}

/* A plain access of up to 16 bytes. */
static inline void access_make(const void *address, unsigned size, enum location_access kind,
	const void *pc, const void *sp)
{
	struct actor *self = scheduler.running;
	uintptr_t at = (uintptr_t)address;
	unsigned first = 8 - (at & 7);

	if (__builtin_expect(!self, 0))
		return;
	if (__builtin_expect(size <= first, 1)) {
		access_word(self, at, size, kind, pc, sp);
		return;
	}
	for (unsigned done = 0; done < size;) {
		unsigned chunk = 8 - ((at + done) & 7);

		chunk = chunk < size - done ? chunk : size - done;
		access_word(self, at + done, chunk, kind, pc, sp);
		done += chunk;
	}
}

/*
 * Every word of a range is a step of its own: other actors may run between two, as on real cores.
 */
void access_range(const void *address, size_t size, enum location_access kind, const void *pc,
	const void *sp);

#endif
