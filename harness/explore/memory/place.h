/*
 * place.h - what the engine knows of a location in memory: who uses it, and who used it when.
 *
 * A place is up to eight bytes of one aligned word, as an access names them. That somebody reads or
 * writes it is remembered from execution to execution: only places that two actors use and one of
 * them writes are worth a decision. When it was read and written counts within one execution.
 */
#ifndef SNARL_EXPLORE_PLACE_H
#define SNARL_EXPLORE_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "clock_vector.h"

struct place {
	uint64_t key;		 /* address / 8, then the bytes of that word; 0: free */
	uint32_t execution;	 /* whose accesses the clocks tell */
	uint32_t users;		 /* actors that ever read it, and wrote it << 16 */
	uint32_t watchers;	 /* actors parked until it is written */
	bool shared;		 /* by two actors, one of which writes */
	bool overlaps;		 /* shares bytes with another place */
	uint16_t heads;		 /* actors whose release sequences `released` comes from */
	struct place *neighbour; /* the next place in the same word */
	_Alignas(32) clock_vector reads, writes, atomic_reads, atomic_writes; /* by actor: its own
									       component then */
	clock_vector released; /* by the last write and the release sequence behind it */
	uint32_t released_at;  /* number of the traced step that did so, from 1; 0: none */
};

enum place_access {
	PLACE_READ = 0,
	PLACE_WRITE = 1,
	PLACE_ATOMIC_READ = 2,
	PLACE_ATOMIC_WRITE = 3,
};

/* Bits of it. */
enum { PLACE_IS_WRITE = 1, PLACE_IS_ATOMIC = 2 };

struct place *place_find(uint64_t key);

/* Begin an execution: forget when, keep who. */
void place_renew(uint32_t execution);

/* Forget all. */
void place_reset(void);

/* Note a new user of a place, which may make it shared. */
void place_use(struct place *place, uint32_t user);

/* The place of `size` bytes at an address that do not leave their word. */
static inline uint64_t place_key(uintptr_t address, unsigned size)
{
	return (uint64_t)(address >> 3) << 8 | (((1u << size) - 1) << (address & 7) & 0xff);
}

extern struct place_table {
	struct place *places;
	uint32_t execution;
	unsigned used;
	/*
	 * Overflow location used once the table is full. It counts as shared (sound) and is
	 * excluded from race reports (its users access different memory).
	 */
	struct place spare;
} place_table;

enum { PLACE_BITS = 16, PLACE_COUNT = 1 << PLACE_BITS };

static inline unsigned place_hash(uint64_t key)
{
	return (unsigned)((key >> 8) * 0x9e3779b97f4a7c15u >> (64 - PLACE_BITS));
}

void place_clear(struct place *place);

/* The place of an access, its clocks valid for this execution. */
static inline struct place *place_at(uintptr_t address, unsigned size)
{
	uint64_t key = place_key(address, size);
	struct place *place = &place_table.places[place_hash(key)];

	if (__builtin_expect(place->key != key, 0))
		place = place_find(key);
	if (place->execution != place_table.execution)
		place_clear(place);
	return place;
}

static inline void place_used(struct place *place, unsigned actor, enum place_access access)
{
	uint32_t user = 1u << (actor + (access & PLACE_IS_WRITE ? 16 : 0));

	if (__builtin_expect(!(place->users & user), 0))
		place_use(place, user);
}

/*
 * Note an access of `actor` at time `now`. Returns whether it races: a conflicting access of
 * another actor, not both atomic, did not happen before it.
 */
static inline bool place_races(
	struct place *place, unsigned actor, clock_vector now, enum place_access access)
{
	clock_vector past = place->writes;

	if (access & PLACE_IS_WRITE)
		past = clock_join(past, place->reads);
	if (!(access & PLACE_IS_ATOMIC)) {
		past = clock_join(past, place->atomic_writes);
		if (access & PLACE_IS_WRITE)
			past = clock_join(past, place->atomic_reads);
	}
	(&place->reads)[access][actor] = now[actor];
	return clock_beyond(past, now) && place->key; /* the spare is no single place */
}

/* The same for a place that overlaps others; all of them are looked at. */
bool place_races_overlapping(
	struct place *place, unsigned actor, clock_vector now, enum place_access access);

#endif
