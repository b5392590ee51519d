/*
 * random.c - any actor may be next.
 *
 * Switching at every step would starve deep states: a queue would never fill. So each execution
 * draws how sticky it is: an actor goes on with probability 0, 1/2, 3/4, 7/8 or 15/16 at each step.
 */
#include <string.h>

#include "draw.h"
#include "prng.h"
#include "strategies.h"

enum { STICKINESS_MAX = 5, STAY_MAX = 1 << 10, KEEPS_ONE_IN = 8 };

static struct random {
	unsigned bits; /* an actor stays with probability 1 - 2^-bits */
	uint32_t stay_until[ACTORS_MAX];
} state;

static void random_begin(uint64_t seed)
{
	(void)seed;
	memset(state.stay_until, 0, sizeof state.stay_until);
	state.bits = (unsigned)prng_below(&scheduler.random, STICKINESS_MAX);
}

/*
 * Steps until the next switch. Each step is a toss of `bits` coins; the first that shows none ends
 * it. A word of random bits holds many tosses, of which that one is found at once.
 */
static uint32_t stay(void)
{
	/* The lowest coin of every toss, by number of coins. */
	static const uint64_t lowest[STICKINESS_MAX] = {
		0, ~0ull, 0x5555555555555555, 0x1249249249249249, 0x1111111111111111};
	uint32_t steps = 1;

	if (!state.bits)
		return 1;
	while (steps < STAY_MAX) {
		uint64_t coins = prng_next(&scheduler.random), none = coins;

		for (unsigned i = 1; i < state.bits; i++)
			none |= coins >> i;
		none = ~none & lowest[state.bits];
		if (none)
			return steps + (uint32_t)__builtin_ctzll(none) / state.bits;
		steps += 64 / state.bits;
	}
	return steps;
}

static unsigned random_pick(struct actor *current, uint32_t choices, enum turn turn)
{
	uint32_t self = 1u << current->index, others;
	unsigned next;

	/* Asked early, since somebody has become ready: that changes nothing. */
	if (turn == TURN_STEP && current->count < state.stay_until[current->index]) {
		current->decide_at = state.stay_until[current->index];
		return current->index;
	}
	choices = draw_patient(choices);
	others = choices & ~self;
	/* Who is tired is as likely to go on as the others. A yield is no promise: now and then who
	 * offers its turn goes on itself. */
	if (others && (turn == TURN_YIELD ? prng_below(&scheduler.random, KEEPS_ONE_IN) != 0
					  : turn == TURN_STEP && state.bits))
		choices = others;
	next = draw(choices);
	state.stay_until[next] = scheduler.actors[next].decide_at =
		scheduler.actors[next].count + stay();
	return next;
}

const struct strategy strategy_random = {
	.name = "random",
	.begin = random_begin,
	.pick = random_pick,
	.choose = draw_chance,
};
