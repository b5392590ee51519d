/* strategies.h - how the turn is given: one file each, all behind `struct strategy`. */
#ifndef SNARL_EXPLORE_STRATEGIES_H
#define SNARL_EXPLORE_STRATEGIES_H

#include "scheduler.h"

extern const struct strategy strategy_random, strategy_pct, strategy_pos, strategy_dfs,
	strategy_auto, strategy_replay;

/* By name, of those that search; NULL: there is none. */
const struct strategy *strategy_find(const char *name);

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
