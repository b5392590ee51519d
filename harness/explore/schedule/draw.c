/* draw.c - what strategies draw from the execution's stream. */
#include "draw.h"

#include "prng.h"

enum { TIMEOUT_ONE_IN = 8 };

unsigned draw_of(uint32_t choices)
{
	uint64_t number = prng_below(&scheduler.random, (uint64_t)__builtin_popcount(choices));

	while (number--)
		choices &= choices - 1;
	return (unsigned)__builtin_ctz(choices);
}

bool draw_chance(struct actor *current, double probability)
{
	(void)current;
	return (double)(prng_next(&scheduler.random) >> 11) * 0x1p-53 < probability;
}

uint32_t draw_patience(uint32_t choices)
{
	uint32_t others = choices & ~scheduler.timed;

	return !others || prng_below(&scheduler.random, TIMEOUT_ONE_IN) == 0 ? choices : others;
}
