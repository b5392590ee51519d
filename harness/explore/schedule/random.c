/*
 * random.c - random walk: any actor may run next.
 *
 * Switching at every step would rarely reach deep states: a queue would never fill. So each
 * execution draws its stickiness: at each step the running actor continues with probability 0, 1/2,
 * 3/4, 7/8 or 15/16.
 */
#include "draw.h"
#include "prng.h"
#include "strategies.h"

enum { STICKINESS_MAX = 5, STAY_MAX = 1 << 10, KEEPS_ONE_IN = 8 };

struct random {
	uint64_t random; /* comes first: see draw_choice */
	unsigned bits;	 /* an actor stays with probability 1 - 2^-bits */
	uint32_t stay_until[ACTORS_MAX];
};

static bool random_begin(void *state, uint64_t seed)
{
	struct random *self = state;

	table_clear(self->stay_until, sizeof *self->stay_until);
	self->random = seed;
	self->bits = (unsigned)prng_below(&self->random, STICKINESS_MAX);
	return true;
}

/*
 * Steps until the next switch. Each step tosses `bits` coins; the first toss without heads ends the
 * stay. A random word holds many tosses, so that the first one without heads is found at once.
 */
static uint32_t stay(struct random *self)
{
	/* The lowest coin of every toss, by number of coins. */
	static const uint64_t lowest[STICKINESS_MAX] = {
		0, ~0ull, 0x5555555555555555, 0x1249249249249249, 0x1111111111111111};
	uint32_t steps = 1;

	if (!self->bits)
		return 1;
	while (steps < STAY_MAX) {
		uint64_t coins = prng_next(&self->random), none = coins;

		for (unsigned i = 1; i < self->bits; i++)
			none |= coins >> i;
		none = ~none & lowest[self->bits];
		if (none)
			return steps + (uint32_t)__builtin_ctzll(none) / self->bits;
		steps += 64 / self->bits;
	}
	return steps;
}

static struct decision random_next(void *state, const struct point *point)
{
	struct random *self = state;
	const struct actor *current = point->current;
	actor_set choices = point->choices, others;
	uint32_t quantum;
	unsigned next;

	/* Asked early because an actor has become ready: the quantum still holds. */
	if (point->reason == DECIDE_STEP && current->count < self->stay_until[current->index])
		return (struct decision){
			current->index, self->stay_until[current->index] - current->count};
	choices = draw_patient(&self->random, choices);
	others = choices & ~actor_one(current->index);
	/*
	 * An actor that has exceeded its fairness bound is as likely to run next as the others. A
	 * yield is only an offer: now and then the actor that yields runs next itself.
	 */
	if (others && (point->reason == DECIDE_YIELD ? prng_below(&self->random, KEEPS_ONE_IN) != 0
						     : point->reason == DECIDE_STEP && self->bits))
		choices = others;
	next = draw(&self->random, choices);
	quantum = stay(self);
	self->stay_until[next] = scheduler.actors[next].count + quantum;
	return (struct decision){next, quantum};
}

const struct strategy_kind strategy_random = {
	.name = "random",
	.size = sizeof(struct random),
	.begin = random_begin,
	.next = random_next,
	.choice = draw_choice,
};
