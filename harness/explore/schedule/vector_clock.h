/*
 * vector_clock.h - vector clocks (Mattern 1989, Fidge 1988): what happened before what.
 *
 * An actor's own component counts its releases in this execution. Sixteen components of 16 bits fit
 * into two SSE2 registers (Neon: two as well), so that a join or a comparison is a few
 * instructions. A component that reaches CLOCK_END stays there: some races may then be missed, but
 * none is reported falsely.
 */
#ifndef SNARL_EXPLORE_VECTOR_CLOCK_H
#define SNARL_EXPLORE_VECTOR_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

enum { CLOCK_ACTORS = 16, CLOCK_END = INT16_MAX };

typedef int16_t clock_vector __attribute__((vector_size(2 * CLOCK_ACTORS)));

/*
 * An actor's component, in memory. Subscripts of the vector itself would make the compiler copy all
 * of it out and in, which stalls: two bytes were stored, and sixteen are loaded.
 */
static inline int16_t *clock_of(clock_vector *clock, unsigned actor)
{
	return (int16_t *)clock + actor;
}

static inline clock_vector clock_join(clock_vector a, clock_vector b)
{
	clock_vector later = a > b;

	return (a & later) | (b & ~later);
}

/* Whether something in `past` did not happen before `now`. */
static inline bool clock_beyond(clock_vector past, clock_vector now)
{
	typedef uint64_t words __attribute__((vector_size(2 * CLOCK_ACTORS)));
	words beyond = (words)(past > now);

	return beyond[0] | beyond[1] | beyond[2] | beyond[3];
}

/* After a release: the actor's later steps are not covered by it. */
static inline void clock_tick(clock_vector *clock, unsigned actor)
{
	int16_t *own = clock_of(clock, actor);

	if (*own != CLOCK_END)
		++*own;
}

#endif
