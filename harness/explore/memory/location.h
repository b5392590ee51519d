/*
 * location.h - what the engine knows of a memory location: which actors use it, and when they did.
 *
 * A location is up to eight bytes of one aligned word, as an access names them. Which actors read
 * and write it is remembered across executions: only locations that two actors use, at least one of
 * which writes, are worth a decision. When it was read and written is valid within one execution.
 */
#ifndef SNARL_EXPLORE_LOCATION_H
#define SNARL_EXPLORE_LOCATION_H

#include <stdbool.h>
#include <stdint.h>

#include "actor_set.h"
#include "vector_clock.h"

enum location_access {
	LOCATION_READ = 0,
	LOCATION_WRITE = 1,
	LOCATION_ATOMIC_READ = 2,
	LOCATION_ATOMIC_WRITE = 3,
	LOCATION_ACCESSES,
};

/*
 * A block of a location's clocks. `accesses`: by actor, its own component then; `released`: by the
 * last write and its release sequence.
 */
struct location_clocks {
	clock_block accesses[LOCATION_ACCESSES], released;
};

struct location {
	uint64_t key;		       /* address / 8, then the bytes of that word; 0: free */
	uint32_t execution;	       /* that the clocks below belong to */
	bool shared;		       /* used by two actors, at least one of which writes */
	bool overlaps;		       /* shares bytes with another location */
	actor_set read_by, written_by; /* in any execution */
	actor_set watchers;	       /* actors parked until it is written */
	actor_set heads;	       /* whose release sequences `released` comes from */
	struct location *neighbour;    /* the next location in the same word */
	uint32_t released_at;	       /* number of the traced step of that write; 0: none */
	struct location_clocks first;  /* the only block that most executions use */
};

/* The other blocks of a location. */
struct location_rest {
	struct location_clocks clocks[CLOCK_BLOCKS - 1];
};

/* Bits of enum location_access. */
enum { LOCATION_IS_WRITE = 1, LOCATION_IS_ATOMIC = 2 };

struct location *location_find(uint64_t key);

/* Begin an execution: forget when locations were used, keep by whom. */
void location_renew(uint32_t execution);

/* Forget all. */
void location_reset(void);

/* Record a new user of a location, which may make it shared. */
void location_use(struct location *location, unsigned actor, bool writes);

/* The key of `size` bytes at an address that stay within one word. */
static inline uint64_t location_key(uintptr_t address, unsigned size)
{
	return (uint64_t)(address >> 3) << 8 | (((1u << size) - 1) << (address & 7) & 0xff);
}

extern struct location_table {
	struct location *locations;
	struct location_rest *rests; /* apart, so that locations lie closely */
	uint32_t execution;
	unsigned used;
	/*
	 * Overflow location used once the table is full. It counts as shared (sound) and is
	 * excluded from race reports (its users access different memory).
	 */
	struct location overflow;
	struct location_rest overflow_rest;
} location_table;

/* Block `i` of the location's clocks. */
static inline struct location_clocks *location_block(const struct location *location, unsigned i)
{
	if (__builtin_expect(!i, 1))
		return (struct location_clocks *)&location->first;
	if (location == &location_table.overflow)
		return &location_table.overflow_rest.clocks[i - 1];
	return &location_table.rests[location - location_table.locations].clocks[i - 1];
}

enum { LOCATION_BITS = 16, LOCATION_COUNT = 1 << LOCATION_BITS };

static inline unsigned location_hash(uint64_t key)
{
	return (unsigned)((key >> 8) * 0x9e3779b97f4a7c15u >> (64 - LOCATION_BITS));
}

void location_clear(struct location *location);

/* The location of an access, with clocks that belong to this execution. */
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

	if (__builtin_expect(!actor_in(users, actor), 0))
		location_use(location, actor, writes);
}

/*
 * Whether an access at time `now` races: a conflicting access of another actor did not happen
 * before it, and not both are atomic.
 */
static inline bool location_conflicts(const struct location *location,
	const struct vector_clock *now, enum location_access access)
{
	bool beyond = false;
	unsigned i = 0;

	do {
		const clock_block *accesses = location_block(location, i)->accesses;
		clock_block past = accesses[LOCATION_WRITE];

		if (access & LOCATION_IS_WRITE)
			past = block_join(past, accesses[LOCATION_READ]);
		if (!(access & LOCATION_IS_ATOMIC)) {
			past = block_join(past, accesses[LOCATION_ATOMIC_WRITE]);
			if (access & LOCATION_IS_WRITE)
				past = block_join(past, accesses[LOCATION_ATOMIC_READ]);
		}
		beyond |= block_beyond(past, now->blocks[i]);
	} while (clock_next(&i));
	return beyond && location->key; /* not the overflow location */
}

/* Record an access of `actor` at time `now`. Returns whether it races. */
static inline bool location_races(struct location *location, unsigned actor,
	const struct vector_clock *now, enum location_access access)
{
	bool races = location_conflicts(location, now, access);

	((int16_t *)&location_block(location, actor / CLOCK_BLOCK)
			->accesses[access])[actor % CLOCK_BLOCK] = clock_at(now, actor);
	return races;
}

/* Add what was released to the location. */
static inline void location_acquire(struct vector_clock *clock, const struct location *location)
{
	unsigned i = 0;

	do
		clock->blocks[i] =
			block_join(clock->blocks[i], location_block(location, i)->released);
	while (clock_next(&i));
}

/* Release this to the location, in place of what was, or `besides` that. */
static inline void location_release(
	struct location *location, const struct vector_clock *clock, bool besides)
{
	unsigned i = 0;

	do {
		clock_block *released = &location_block(location, i)->released;

		*released = besides ? block_join(*released, clock->blocks[i]) : clock->blocks[i];
	} while (clock_next(&i));
}

/* The same for a location that overlaps others; all of them are checked. */
bool location_races_overlapping(struct location *location, unsigned actor,
	const struct vector_clock *now, enum location_access access);

#endif
