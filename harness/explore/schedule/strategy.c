/* strategy.c - instances of strategies. */
#include "strategy.h"

#include <stdlib.h>
#include <string.h>

struct strategy strategy_make(
	const struct strategy_kind *kind, const struct strategy_config *config)
{
	struct strategy strategy = {kind, malloc(kind->size)};

	if (!strategy.state)
		abort();
	strategy_open(&strategy, config);
	return strategy;
}

void strategy_open(struct strategy *strategy, const struct strategy_config *config)
{
	memset(strategy->state, 0, strategy->kind->size);
	if (strategy->kind->open)
		strategy->kind->open(strategy->state, config);
}

void strategy_free(struct strategy *strategy)
{
	if (strategy->kind->close)
		strategy->kind->close(strategy->state);
	free(strategy->state);
}

bool strategy_begin(struct strategy *strategy, uint64_t seed)
{
	return strategy->kind->begin(strategy->state, seed);
}

void strategy_end(struct strategy *strategy)
{
	if (strategy->kind->end)
		strategy->kind->end(strategy->state);
}

bool strategy_coverage(const struct strategy *strategy, struct coverage *coverage)
{
	return strategy->kind->coverage && strategy->kind->coverage(strategy->state, coverage);
}

const struct strategy *strategy_deciding(const struct strategy *strategy)
{
	return strategy->kind->part ? strategy->kind->part(strategy->state) : strategy;
}

bool strategy_watches(const struct strategy *strategy)
{
	const struct strategy_kind *kind = strategy->kind;

	return kind->step && (!kind->watches || kind->watches(strategy->state));
}
