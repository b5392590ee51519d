/* strategy.c - what strategies have in common. */
#include <string.h>

#include "prng.h"
#include "strategies.h"

enum { TIMEOUT_ONE_IN = 8 };

static const struct strategy *const searching[] = {
	&strategy_random, &strategy_pct, &strategy_pos, &strategy_dfs, &strategy_auto};

const struct strategy *strategy_find(const char *name)
{
	for (size_t i = 0; i < sizeof searching / sizeof *searching; i++)
		if (strcmp(searching[i]->name, name) == 0)
			return searching[i];
	return NULL;
}

unsigned strategy_draw_one(uint32_t choices)
{
	uint64_t number = prng_below(&world.random, (uint64_t)__builtin_popcount(choices));

	while (number--)
		choices &= choices - 1;
	return (unsigned)__builtin_ctz(choices);
}

bool strategy_chance(struct actor *current, double probability)
{
	(void)current;
	return (double)(prng_next(&world.random) >> 11) * 0x1p-53 < probability;
}

uint32_t strategy_draw_patience(uint32_t choices)
{
	uint32_t others = choices & ~world.timed;

	return !others || prng_below(&world.random, TIMEOUT_ONE_IN) == 0 ? choices : others;
}
