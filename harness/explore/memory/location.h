/*
 * location.h - what the engine knows of a location in memory: who uses it, and who used it when.
 *
 * A location is up to eight bytes of one aligned word, as an access names them. That somebody reads
 * or writes it is remembered from execution to execution: only locations that two actors use and
 * one of them writes are worth a decision. When it was read and written counts within one
 * execution.
 */
#ifndef SNARL_EXPLORE_LOCATION_H
#define SNARL_EXPLORE_LOCATION_H

#include <stdbool.h>
#include <stdint.h>

#include "actor_set.h"
#include "vector_clock.h"

struct location {
	uint64_t key;	    /* address / 8, then the bytes of that word; 0: free */
	uint32_t execution; /* whose accesses the clocks tell */
	actor_set watchers; /* actors parked until it is written */
	actor_set read_by : CLOCK_ACTORS, written_by : CLOCK_ACTORS; /* in any execution */
	actor_set heads : CLOCK_ACTORS; /* whose release sequences `released` comes from */
	bool shared;			/* by two actors, one of which writes */
	bool overlaps;			/* shares bytes with another location */
	struct location *neighbour;	/* the next location in the same word */
	_Alignas(32) clock_vector reads, writes, atomic_reads, atomic_writes; /* by actor: its own
									       component then */
	clock_vector released; /* by the last write and the release sequence behind it */
	uint32_t released_at;  /* number of the traced step that did so, from 1; 0: none */
};

enum location_access {
	LOCATION_READ = 0,
	LOCATION_WRITE = 1,
	LOCATION_ATOMIC_READ = 2,
	LOCATION_ATOMIC_WRITE = 3,
};

/* Bits of it. */
enum { LOCATION_IS_WRITE = 1, LOCATION_IS_ATOMIC = 2 };

struct location *location_find(uint64_t key);

/* Begin an execution: forget when, keep who. */
void location_renew(uint32_t execution);

/* Forget all. */
void location_reset(void);

/* Note a new user of a location, which may make it shared. */
void location_use(struct location *location, unsigned actor, bool writes);

/* The location of `size` bytes at an address that do not leave their word. */
static inline uint64_t location_key(uintptr_t address, unsigned size)
{
	return (uint64_t)(address >> 3) << 8 | (((1u << size) - 1) << (address & 7) & 0xff);
}

extern struct location_table {
	struct location *locations;
	uint32_t execution;
	unsigned used;
	/*
	 * Overflow location used once the table is full. It counts as shared (sound) and is
	 * excluded from race reports (its users access different memory).
	 */
	struct location spare;
} location_table;

enum { LOCATION_BITS = 16, LOCATION_COUNT = 1 << LOCATION_BITS };

static inline unsigned location_hash(uint64_t key)
{
	return (unsigned)((key >> 8) * 0x9e3779b97f4a7c15u >> (64 - LOCATION_BITS));
}

void location_clear(struct location *location);

/* The location of an access, its clocks valid for this execution. */
static inline struct location *location_at(uintptr_t address, unsigned size)
{
	uint64_t key = location_key(address, size);
	struct location *location = &location_table.locations[location_hash(key)];

	if (__builtin_expect(location->key != key, 0))
		location = location_find(key);
	if (location->execution != location_table.execution)
		location_clear(location);
	return location;
}

static inline void location_used(
	struct location *location, unsigned actor, enum location_access access)
{
	bool writes = access & LOCATION_IS_WRITE;
	actor_set users = writes ? location->written_by : location->read_by;

	if (__builtin_expect(!(users & actor_one(actor)), 0))
		location_use(location, actor, writes);
}

/*
 * Note an access of `actor` at time `now`. Returns whether it races: a conflicting access of
 * another actor, not both atomic, did not happen before it.
 */
static inline bool location_races(
	struct location *location, unsigned actor, clock_vector now, enum location_access access)
{
	clock_vector past = location->writes;

	if (access & LOCATION_IS_WRITE)
		past = clock_join(past, location->reads);
	if (!(access & LOCATION_IS_ATOMIC)) {
		past = clock_join(past, location->atomic_writes);
		if (access & LOCATION_IS_WRITE)
			past = clock_join(past, location->atomic_reads);
	}
	*clock_of(&location->reads + access, actor) = now[actor];
	return clock_beyond(past, now) && location->key; /* the spare is no single location */
}

/* The same for a location that overlaps others; all of them are looked at. */
bool location_races_overlapping(
	struct location *location, unsigned actor, clock_vector now, enum location_access access);

#endif
