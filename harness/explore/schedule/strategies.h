/* strategies.h - the strategies. */
#ifndef SNARL_EXPLORE_STRATEGIES_H
#define SNARL_EXPLORE_STRATEGIES_H

#include "strategy.h"

extern const struct strategy_kind strategy_random, strategy_pct, strategy_pos, strategy_dfs,
	strategy_rff, strategy_auto, strategy_replay;

/* Find a searching strategy by name; NULL: there is none. */
const struct strategy_kind *strategy_find(const char *name);

/* The name of a strategy by its number; NULL past the last. */
const char *strategy_named(unsigned number);

#endif
