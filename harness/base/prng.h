/*
 * prng.h - splitmix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators",
 * OOPSLA 2014): eight bytes of state, so that every actor owns a stream.
 */
#ifndef SNARL_BASE_PRNG_H
#define SNARL_BASE_PRNG_H

#include <stdint.h>

static inline uint64_t prng_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* A number below `limit`, which is not 0. */
static inline uint64_t prng_below(uint64_t *state, uint64_t limit)
{
	return (uint64_t)((unsigned __int128)prng_next(state) * limit >> 64);
}

/* The state of an independent stream for `stream` under `seed`. */
static inline uint64_t prng_stream(uint64_t seed, uint64_t stream)
{
	uint64_t state = seed ^ stream * 0xd1342543de82ef95;

	return prng_next(&state);
}

#endif
