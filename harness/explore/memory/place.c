/* place.c - the table of places: open addressing by word, so that a word's places lie together. */
#include "place.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "scheduler.h"

enum { PLACE_USED_MAX = PLACE_COUNT / 4 * 3 };

struct place_table place_table;

void place_reset(void)
{
	size_t size = PLACE_COUNT * sizeof(struct place);

	if (!place_table.places)
		place_table.places = mmap(NULL, size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	else
		madvise(place_table.places, size, MADV_DONTNEED);
	if (place_table.places == MAP_FAILED)
		abort();
	place_table.used = 0;
	place_table.spare.shared = true;
	scheduler.space++;
}

void place_renew(uint32_t execution)
{
	place_table.execution = execution;
}

void place_clear(struct place *place)
{
	place->execution = place_table.execution;
	place->watchers = place->released_at = 0;
	place->heads = 0;
	place->reads = place->writes = place->atomic_reads = place->atomic_writes =
		place->released = (clock_vector){0};
}

struct place *place_find(uint64_t key)
{
	unsigned at = place_hash(key);
	struct place *place, *word = NULL;

	for (; place_table.places[at].key; at = (at + 1) % PLACE_COUNT)
		if (place_table.places[at].key == key)
			return &place_table.places[at];
	if (place_table.used >= PLACE_USED_MAX)
		return &place_table.spare;
	place = &place_table.places[at];
	place->key = key;
	place_table.used++;
	place_clear(place);
	for (unsigned k = place_hash(key); k != at; k = (k + 1) % PLACE_COUNT) {
		struct place *other = &place_table.places[k];

		if (other->key >> 8 != key >> 8)
			continue;
		word = other;
		if (other->key & key & 0xff)
			place->overlaps = other->overlaps = true;
	}
	/* A ring of the word's places. */
	place->neighbour = word ? word->neighbour : place;
	if (word)
		word->neighbour = place;
	return place;
}

static bool overlap(const struct place *a, const struct place *b)
{
	return a->key & b->key & 0xff;
}

static void place_judge(struct place *place)
{
	uint32_t users = place->users;

	if (place->overlaps)
		for (struct place *at = place->neighbour; at != place; at = at->neighbour)
			users |= overlap(at, place) ? at->users : 0;
	if (users >> 16 && __builtin_popcount((users >> 16 | users) & 0xffff) > 1 &&
		!place->shared) {
		place->shared = true;
		scheduler.space++;
	}
}

void place_use(struct place *place, uint32_t user)
{
	if (place == &place_table.spare)
		return;
	place->users |= user;
	place_judge(place);
	if (place->overlaps)
		for (struct place *at = place->neighbour; at != place; at = at->neighbour)
			if (overlap(at, place))
				place_judge(at);
}

bool place_races_overlapping(
	struct place *place, unsigned actor, clock_vector now, enum place_access access)
{
	bool races = place_races(place, actor, now, access);

	for (struct place *at = place->neighbour; at != place; at = at->neighbour) {
		clock_vector before;

		if (!overlap(at, place))
			continue;
		if (at->execution != place_table.execution)
			place_clear(at);
		/* It is this place that is accessed, not that one: look, and leave no mark. */
		before = (&at->reads)[access];
		races |= place_races(at, actor, now, access);
		(&at->reads)[access] = before;
	}
	return races;
}
