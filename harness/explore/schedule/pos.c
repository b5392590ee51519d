/*
 * pos.c - partial order sampling (Yuan, Yang, Gu, "Partial order aware concurrency sampling",
 * CAV 2018).
 *
 * The next step of every actor has a random priority, and the highest goes first. When a step is
 * made, those that conflict with it (the same location, one of them writing) draw anew: so the
 * orders of conflicting steps, not of all steps, are what is sampled evenly.
 */
#include "draw.h"
#include "prng.h"
#include "strategies.h"

static struct pos {
	uint64_t priority[ACTORS_MAX];
	const struct actor *last; /* who made the last step */
	const void *location;	  /* of that step */
	bool writes;
} state;

static void pos_begin(uint64_t seed)
{
	(void)seed;
	for (unsigned i = 0; i < ACTORS_MAX; i++)
		state.priority[i] = prng_next(&scheduler.random);
	state.last = NULL;
	state.location = NULL;
}

static unsigned pos_pick(struct actor *current, uint32_t choices, enum turn turn)
{
	unsigned best;

	if (turn == TURN_YIELD && choices & ~(1u << current->index))
		choices &= ~(1u << current->index);
	choices = draw_patient(choices);
	/* The step that the last pick was for is made: its successor and its rivals draw anew. */
	state.priority[current->index] = prng_next(&scheduler.random);
	for (uint32_t rest = choices; state.location && rest; rest &= rest - 1) {
		const struct actor *actor = &scheduler.actors[__builtin_ctz(rest)];

		if (actor != state.last && actor->next_location == state.location &&
			(state.writes || actor->next_writes))
			state.priority[actor->index] = prng_next(&scheduler.random);
	}
	best = (unsigned)__builtin_ctz(choices);
	for (uint32_t rest = choices; rest; rest &= rest - 1)
		if (state.priority[__builtin_ctz(rest)] > state.priority[best])
			best = (unsigned)__builtin_ctz(rest);
	state.last = &scheduler.actors[best];
	state.location = state.last->next_location;
	state.writes = state.last->next_writes;
	scheduler.actors[best].decide_at = scheduler.actors[best].count + 1;
	return best;
}

const struct strategy strategy_pos = {
	.name = "pos",
	.begin = pos_begin,
	.pick = pos_pick,
	.choose = draw_chance,
};
