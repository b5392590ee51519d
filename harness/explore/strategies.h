/* strategies.h - how the turn is given: one file each, all behind `struct strategy`. */
#ifndef SNARL_EXPLORE_STRATEGIES_H
#define SNARL_EXPLORE_STRATEGIES_H

#include "world.h"

extern const struct strategy strategy_random, strategy_pct, strategy_pos, strategy_dfs,
	strategy_auto, strategy_replay;

/* By name, of those that search; NULL: there is none. */
const struct strategy *strategy_find(const char *name);

unsigned strategy_draw_one(uint32_t choices);

/* An actor of the set; all are equally likely. */
static inline unsigned strategy_draw(uint32_t choices)
{
	return choices & (choices - 1) ? strategy_draw_one(choices)
				       : (unsigned)__builtin_ctz(choices);
}

/* A fault of this probability, drawn from the execution's stream. */
bool strategy_chance(struct actor *current, double probability);

uint32_t strategy_draw_patience(uint32_t choices);

/*
 * Those who only wait for a time to end take part now and then: else most waits would end by it.
 * Returns the choices without them for the rest of the time, where others are left.
 */
static inline uint32_t strategy_patient(uint32_t choices)
{
	return world.timed ? strategy_draw_patience(choices) : choices;
}

/* What the strategy that chose the last execution is called: of auto, its part. */
const char *strategy_last(void);

/* The schedule that strategy_replay follows; it must stay where it is. */
void replay_open(const struct schedule *schedule);

/*
 * What dfs has seen: all schedules with at most `preemptions` preemptions (-1: none finished yet),
 * how many they were, whether more preemptions would add nothing, the most faults on one of them,
 * where more would add something (-1: they would not), and whether only those were seen in which
 * nobody goes on for very long while others could.
 */
struct dfs_seen {
	int preemptions;
	uint64_t schedules;
	bool all;
	int faults;
	bool fair;
};

struct dfs_seen dfs_seen(void);

#endif
