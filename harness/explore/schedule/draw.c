/* draw.c - what strategies draw. */
#include "draw.h"

#include "prng.h"

enum { TIMEOUT_ONE_IN = 8 };

unsigned draw_of(uint64_t *random, actor_set choices)
{
	uint64_t number = prng_below(random, actor_total(choices));

	while (number--)
		choices &= choices - 1;
	return actor_first(choices);
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

actor_set draw_patience(uint64_t *random, actor_set choices)
{
	actor_set others = choices & ~scheduler.timed;

	return !others || prng_below(random, TIMEOUT_ONE_IN) == 0 ? choices : others;
}
