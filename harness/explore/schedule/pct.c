/*
 * pct.c - probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte, "A
 * randomized scheduler with probabilistic guarantees of finding bugs", ASPLOS 2010).
 *
 * Actors have random priorities and the highest runs, but for depth - 1 steps, drawn over the
 * execution's length, at which the running one falls below all others. A bug that needs `depth`
 * orderings is found with probability of at least 1/(n k^(depth-1)).
 */
#include "draw.h"
#include "prng.h"
#include "strategies.h"

enum { DEPTH_MAX = 6, LENGTH_FIRST = 64 };

static struct pct {
	int64_t priority[ACTORS_MAX]; /* higher runs first */
	uint64_t changes[DEPTH_MAX];  /* steps, ascending */
	unsigned change_count, change;
	int64_t lowest;
	uint64_t length; /* steps of an execution: the longest so far, forgetting slowly */
} state;

static void pct_open(unsigned preemptions_max)
{
	(void)preemptions_max;
	state.length = LENGTH_FIRST;
}

static void pct_begin(uint64_t seed)
{
	unsigned depth = 1 + (unsigned)prng_below(&scheduler.random, DEPTH_MAX);

	(void)seed;
	for (unsigned i = 0; i < ACTORS_MAX; i++)
		state.priority[i] = (int64_t)(prng_next(&scheduler.random) >> 2);
	state.change_count = depth - 1;
	state.change = 0;
	state.lowest = 0;
	for (unsigned i = 0; i < state.change_count; i++) {
		uint64_t step = 1 + prng_below(&scheduler.random, state.length);
		unsigned at = i;

		for (; at && state.changes[at - 1] > step; at--)
			state.changes[at] = state.changes[at - 1];
		state.changes[at] = step;
	}
}

static unsigned highest(uint32_t choices)
{
	unsigned best = (unsigned)__builtin_ctz(choices);

	for (uint32_t rest = choices; rest; rest &= rest - 1) {
		unsigned at = (unsigned)__builtin_ctz(rest);

		if (state.priority[at] > state.priority[best])
			best = at;
	}
	return best;
}

static unsigned pct_pick(struct actor *current, uint32_t choices, enum turn turn)
{
	struct actor *next;

	if (turn == TURN_YIELD || turn == TURN_TIRED)
		state.priority[current->index] = --state.lowest;
	while (state.change < state.change_count &&
		scheduler.steps >= state.changes[state.change]) {
		if (turn == TURN_STEP)
			state.priority[current->index] = --state.lowest;
		state.change++;
	}
	next = &scheduler.actors[highest(draw_patient(choices))];
	next->decide_at = UINT32_MAX;
	if (state.change < state.change_count)
		next->decide_at =
			next->count + (uint32_t)(state.changes[state.change] - scheduler.steps);
	return next->index;
}

static bool pct_end(void)
{
	state.length = scheduler.steps > state.length
			       ? scheduler.steps
			       : state.length - (state.length - scheduler.steps + 15) / 16;
	return true;
}

const struct strategy strategy_pct = {
	.name = "pct",
	.open = pct_open,
	.begin = pct_begin,
	.pick = pct_pick,
	.choose = draw_chance,
	.end = pct_end,
};
