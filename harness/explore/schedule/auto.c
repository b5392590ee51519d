/*
 * auto.c - all strategies in turn, since none is best for every bug: random reaches
 * what is deep, pct what a few orderings decide, pos what many orders hide, and dfs shows that
 * there is nothing, where all can be seen.
 */
#include "strategies.h"

static const struct strategy *const parts[] = {
	&strategy_random,
	&strategy_pos,
	&strategy_random,
	&strategy_pct,
	&strategy_random,
	&strategy_pos,
	&strategy_random,
	&strategy_dfs,
};

enum { PARTS = sizeof parts / sizeof *parts };

static struct automatic {
	unsigned turn;
	const struct strategy *now;
	bool dfs_done;
} state;

static void auto_open(unsigned preemptions_max)
{
	state.turn = 0;
	state.dfs_done = false;
	for (unsigned i = 0; i < PARTS; i++)
		if (parts[i]->open)
			parts[i]->open(preemptions_max);
}

static void auto_begin(uint64_t seed)
{
	state.now = parts[state.turn++ % PARTS];
	if (state.now == &strategy_dfs && state.dfs_done)
		state.now = &strategy_random;
	scheduler.strategy_name = state.now->name;
	state.now->begin(seed);
}

static unsigned auto_pick(struct actor *current, uint32_t choices, enum turn turn)
{
	return state.now->pick(current, choices, turn);
}

static bool auto_choose(struct actor *current, double probability)
{
	return state.now->choose(current, probability);
}

/* Over only when every schedule was seen, with whatever number of preemptions. */
static bool auto_end(void)
{
	if (!state.now->end || state.now->end())
		return true;
	state.dfs_done = true;
	return !dfs_seen().all || dfs_seen().faults >= 0 || dfs_seen().fair;
}

const struct strategy strategy_auto = {
	.name = "auto",
	.open = auto_open,
	.begin = auto_begin,
	.pick = auto_pick,
	.choose = auto_choose,
	.end = auto_end,
};
