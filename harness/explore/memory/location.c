/* location.c - the table of locations: open addressing by word, so that a word's locations lie
 * together. */
#include "location.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "scheduler.h"

enum { LOCATION_USED_MAX = LOCATION_COUNT / 4 * 3 };

struct location_table location_table;

/* That memory, or new memory if there is none yet, with zeros. */
static void *zeroed(void *memory, size_t size)
{
	if (memory) {
		madvise(memory, size, MADV_DONTNEED);
		return memory;
	}
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		abort();
	return memory;
}

void location_reset(void)
{
	location_table.locations =
		zeroed(location_table.locations, LOCATION_COUNT * sizeof *location_table.locations);
	location_table.rests =
		zeroed(location_table.rests, LOCATION_COUNT * sizeof *location_table.rests);
	location_table.used = 0;
	location_table.overflow.shared = true;
	scheduler.space++;
}

void location_renew(uint32_t execution)
{
	location_table.execution = execution;
}

void location_clear(struct location *location)
{
	location->execution = location_table.execution;
	location->watchers = location->heads = 0;
	location->released_at = 0;
	memset(&location->first, 0, sizeof location->first);
	if (__builtin_expect(clock_blocks > 1, 0))
		memset(location_block(location, 1), 0, (clock_blocks - 1) * sizeof location->first);
}

struct location *location_find(uint64_t key)
{
	unsigned at = location_hash(key);
	struct location *location, *word = NULL;

	for (; location_table.locations[at].key; at = (at + 1) % LOCATION_COUNT)
		if (location_table.locations[at].key == key)
			return &location_table.locations[at];
	if (location_table.used >= LOCATION_USED_MAX)
		return &location_table.overflow;
	location = &location_table.locations[at];
	location->key = key;
	location_table.used++;
	location_clear(location);
	for (unsigned k = location_hash(key); k != at; k = (k + 1) % LOCATION_COUNT) {
		struct location *other = &location_table.locations[k];

		if (other->key >> 8 != key >> 8)
			continue;
		word = other;
		if (other->key & key & 0xff)
			location->overlaps = other->overlaps = true;
	}
	/* A ring of the word's locations. */
	location->neighbour = word ? word->neighbour : location;
	if (word)
		word->neighbour = location;
	return location;
}

static bool overlap(const struct location *a, const struct location *b)
{
	return a->key & b->key & 0xff;
}

static void location_judge(struct location *location)
{
	actor_set readers = location->read_by, writers = location->written_by;

	if (location->overlaps)
		for (struct location *at = location->neighbour; at != location; at = at->neighbour)
			if (overlap(at, location)) {
				readers |= at->read_by;
				writers |= at->written_by;
			}
	if (writers && actor_total(readers | writers) > 1 && !location->shared) {
		location->shared = true;
		scheduler.space++;
	}
}

void location_use(struct location *location, unsigned actor, bool writes)
{
	if (location == &location_table.overflow)
		return;
	if (writes)
		location->written_by |= actor_one(actor);
	else
		location->read_by |= actor_one(actor);
	location_judge(location);
	if (location->overlaps)
		for (struct location *at = location->neighbour; at != location; at = at->neighbour)
			if (overlap(at, location))
				location_judge(at);
}

bool location_races_overlapping(struct location *location, unsigned actor,
	const struct vector_clock *now, enum location_access access)
{
	bool races = location_races(location, actor, now, access);

	for (struct location *at = location->neighbour; at != location; at = at->neighbour) {
		if (!overlap(at, location))
			continue;
		if (at->execution != location_table.execution)
			location_clear(at);
		races |= location_conflicts(at, now, access);
	}
	return races;
}
