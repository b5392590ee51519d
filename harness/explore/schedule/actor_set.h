/* actor_set.h - sets of actors: one type, with room for every actor of a clock. */
#ifndef SNARL_EXPLORE_ACTOR_SET_H
#define SNARL_EXPLORE_ACTOR_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "vector_clock.h"

typedef unsigned __int128 actor_set;

_Static_assert(CLOCK_ACTORS <= 8 * sizeof(actor_set), "a set has room for every actor of a clock");

static inline actor_set actor_one(unsigned actor)
{
	return (actor_set)1 << actor;
}

static inline bool actor_in(actor_set set, unsigned actor)
{
	return (uint64_t)(set >> (actor & 64)) >> (actor & 63) & 1;
}

/* The lowest actor of a set that is not empty. */
static inline int actor_first(actor_set set)
{
	uint64_t low = (uint64_t)set;

	return low ? __builtin_ctzll(low) : 64 + __builtin_ctzll((uint64_t)(set >> 64));
}

static inline unsigned actor_total(actor_set set)
{
	return (unsigned)(__builtin_popcountll((uint64_t)set) +
			  __builtin_popcountll((uint64_t)(set >> 64)));
}

#endif
