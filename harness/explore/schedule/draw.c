/* draw.c - what strategies draw. */
#include "draw.h"

#include "prng.h"

enum { TIMEOUT_ONE_IN = 8 };

unsigned draw_of(uint64_t *random, uint32_t choices)
{
	uint64_t number = prng_below(random, (uint64_t)__builtin_popcount(choices));

	while (number--)
		choices &= choices - 1;
	return (unsigned)__builtin_ctz(choices);
}

unsigned draw_chance(uint64_t *random, double p)
{
	return (double)(prng_next(random) >> 11) * 0x1p-53 < p;
}

unsigned draw_choice(
	void *state, const struct actor *current, enum choice_kind kind, unsigned count, double p)
{
	(void)current;
	(void)kind;
	(void)count;
	return draw_chance(state, p);
}

uint32_t draw_patience(uint64_t *random, uint32_t choices)
{
	uint32_t others = choices & ~scheduler.timed;

	return !others || prng_below(random, TIMEOUT_ONE_IN) == 0 ? choices : others;
}
