/*
 * pos.c - partial order sampling (Yuan, Yang, Gu, "Partial order aware concurrency sampling",
 * CAV 2018).
 *
 * The next step of every actor has a random priority, and the highest is made first. The steps that
 * conflict with it (same location, at least one of the two writes) then draw new priorities. So
 * orders of conflicting steps are sampled evenly, rather than orders of all steps.
 */
#include "draw.h"
#include "prng.h"
#include "strategies.h"

struct pos {
	uint64_t random; /* comes first: see draw_choice */
	uint64_t priority[ACTORS_MAX];
	const struct actor *last; /* that made the last step */
	const void *location;	  /* of that step */
	bool writes;
};

static bool pos_begin(void *state, uint64_t seed)
{
	struct pos *self = state;

	self->random = seed;
	for (unsigned i = 0; i < clock_actors(); i++)
		self->priority[i] = prng_next(&self->random);
	self->last = NULL;
	self->location = NULL;
	return true;
}

static struct decision pos_next(void *state, const struct point *point)
{
	struct pos *self = state;
	const struct actor *current = point->current;
	actor_set choices = point->choices;
	unsigned best;

	if (point->reason == DECIDE_YIELD && choices & ~actor_one(current->index))
		choices &= ~actor_one(current->index);
	choices = draw_patient(&self->random, choices);
	/* Steps that have to wait for long draw anew: only actors that poll may have run meanwhile.
	 */
	for (actor_set rest = choices; point->reason == DECIDE_UNFAIR && rest; rest &= rest - 1)
		self->priority[actor_first(rest)] = prng_next(&self->random);
	/* The step chosen last is made: its successor and its rivals draw new priorities. */
	self->priority[current->index] = prng_next(&self->random);
	for (actor_set rest = choices; self->location && rest; rest &= rest - 1) {
		const struct actor *actor = &scheduler.actors[actor_first(rest)];

		if (actor != self->last && actor->next_location == self->location &&
			(self->writes || actor->next_writes))
			self->priority[actor->index] = prng_next(&self->random);
	}
	best = actor_first(choices);
	for (actor_set rest = choices; rest; rest &= rest - 1)
		if (self->priority[actor_first(rest)] > self->priority[best])
			best = actor_first(rest);
	self->last = &scheduler.actors[best];
	self->location = self->last->next_location;
	self->writes = self->last->next_writes;
	return (struct decision){best, 1};
}

const struct strategy_kind strategy_pos = {
	.name = "pos",
	.size = sizeof(struct pos),
	.begin = pos_begin,
	.next = pos_next,
	.choice = draw_choice,
};
