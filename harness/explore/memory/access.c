/* access.c - the slow paths of an access. */
#include "access.h"

#include "race_log.h"

void access_raced(const struct location *location)
{
	scheduler.racing++;
	race_log_note(location->key);
}

void access_watched(struct actor *self, const struct location *location, uintptr_t address,
	unsigned size, enum location_access kind, bool raced, const void *pc)
{
	bool writes = kind & LOCATION_IS_WRITE, atomic = kind & LOCATION_IS_ATOMIC;

	if (scheduler.tracing)
		trace_access(self, location, address, size, writes, atomic, raced, pc);
	scheduler_made(&(struct step_made){
		self, (const void *)address, size, pc, writes, atomic, location->shared});
}

void access_range(
	const void *address, size_t size, enum location_access kind, const void *pc, const void *sp)
{
	const char *at = address, *end = at + size;

	while (at < end) {
		size_t word = 8 - ((uintptr_t)at & 7);

		if (word > (size_t)(end - at))
			word = (size_t)(end - at);
		access_make(at, (unsigned)word, kind, pc, sp);
		at += word;
	}
}

void access_unpark_overlapping(struct location *location)
{
	struct location *at = location;

	do {
		if (at->watchers && at->key & location->key & 0xff)
			access_unpark(at);
		at = at->neighbour;
	} while (at != location);
}
