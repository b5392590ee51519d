/* actor_set.h - sets of actors: one type, as wide as a vector clock. */
#ifndef SNARL_EXPLORE_ACTOR_SET_H
#define SNARL_EXPLORE_ACTOR_SET_H

#include <stdint.h>

#include "vector_clock.h"

typedef uint32_t actor_set;

_Static_assert(CLOCK_ACTORS <= 8 * sizeof(actor_set), "a set has room for every actor of a clock");

static inline actor_set actor_one(unsigned actor)
{
	return (actor_set)1 << actor;
}

/* The lowest actor of a set that is not empty. */
static inline int actor_first(actor_set set)
{
	return __builtin_ctz(set);
}

static inline unsigned actor_total(actor_set set)
{
	return (unsigned)__builtin_popcount(set);
}

#endif
