/* strategies.h - the strategies, and their instances. */
#ifndef SNARL_EXPLORE_STRATEGIES_H
#define SNARL_EXPLORE_STRATEGIES_H

#include "strategy.h"

extern const struct strategy_kind strategy_random, strategy_pct, strategy_pos, strategy_dfs,
	strategy_auto, strategy_replay;

/* By name, of those that search; NULL: there is none. */
const struct strategy_kind *strategy_find(const char *name);

/* A new instance; aborts without memory. */
struct strategy strategy_make(
	const struct strategy_kind *kind, const struct strategy_config *config);

/* The instance begins anew, as if it were just made. */
void strategy_open(struct strategy *strategy, const struct strategy_config *config);

void strategy_free(struct strategy *strategy);

bool strategy_begin(struct strategy *strategy, uint64_t seed);
void strategy_end(struct strategy *strategy);
bool strategy_coverage(const struct strategy *strategy, struct coverage *coverage);

/* What chose the last execution is called: of auto, its part. */
const char *strategy_name(const struct strategy *strategy);

#endif
