/*
 * pct.c - probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte, "A
 * randomized scheduler with probabilistic guarantees of finding bugs", ASPLOS 2010).
 *
 * Actors have random priorities and the highest runs. At depth - 1 steps, drawn over the
 * execution's length, the running actor's priority falls below all others. A bug that needs `depth`
 * orderings is found with probability of at least 1/(n k^(depth-1)).
 */
#include "draw.h"
#include "prng.h"
#include "strategies.h"

enum { DEPTH_MAX = 6, LENGTH_FIRST = 64 };

struct pct {
	uint64_t random;	      /* comes first: see draw_choice */
	int64_t priority[ACTORS_MAX]; /* higher runs first */
	uint64_t changes[DEPTH_MAX];  /* steps, ascending */
	unsigned change_count, change;
	int64_t lowest;
	uint64_t length; /* steps of an execution: the longest so far, decaying slowly */
};

static void pct_open(void *state, const struct strategy_config *config)
{
	struct pct *self = state;

	(void)config;
	self->length = LENGTH_FIRST;
}

static bool pct_begin(void *state, uint64_t seed)
{
	struct pct *self = state;
	unsigned depth;

	self->random = seed;
	depth = 1 + (unsigned)prng_below(&self->random, DEPTH_MAX);
	for (unsigned i = 0; i < clock_actors(); i++)
		self->priority[i] = (int64_t)(prng_next(&self->random) >> 2);
	self->change_count = depth - 1;
	self->change = 0;
	self->lowest = 0;
	for (unsigned i = 0; i < self->change_count; i++) {
		uint64_t step = 1 + prng_below(&self->random, self->length);
		unsigned at = i;

		for (; at && self->changes[at - 1] > step; at--)
			self->changes[at] = self->changes[at - 1];
		self->changes[at] = step;
	}
	return true;
}

static unsigned highest(const struct pct *self, actor_set choices)
{
	unsigned best = actor_first(choices);

	for (actor_set rest = choices; rest; rest &= rest - 1) {
		unsigned at = actor_first(rest);

		if (self->priority[at] > self->priority[best])
			best = at;
	}
	return best;
}

static struct decision pct_next(void *state, const struct point *point)
{
	struct pct *self = state;
	struct decision decision = {.quantum = QUANTUM_WHOLE};

	if (point->reason == DECIDE_YIELD || point->reason == DECIDE_UNFAIR)
		self->priority[point->current->index] = --self->lowest;
	while (self->change < self->change_count &&
		scheduler.steps >= self->changes[self->change]) {
		if (point->reason == DECIDE_STEP)
			self->priority[point->current->index] = --self->lowest;
		self->change++;
	}
	decision.actor = highest(self, draw_patient(&self->random, point->choices));
	if (self->change < self->change_count)
		decision.quantum = (uint32_t)(self->changes[self->change] - scheduler.steps);
	return decision;
}

static void pct_end(void *state)
{
	struct pct *self = state;

	self->length = scheduler.steps > self->length
			       ? scheduler.steps
			       : self->length - (self->length - scheduler.steps + 15) / 16;
}

const struct strategy_kind strategy_pct = {
	.name = "pct",
	.size = sizeof(struct pct),
	.open = pct_open,
	.begin = pct_begin,
	.next = pct_next,
	.choice = draw_choice,
	.end = pct_end,
};
