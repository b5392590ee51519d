/* strategies.c - the strategies that search, by name. */
#include "strategies.h"

#include <string.h>

static const struct strategy_kind *const searching[] = {&strategy_random, &strategy_pct,
	&strategy_pos, &strategy_dfs, &strategy_rff, &strategy_auto};

const struct strategy_kind *strategy_find(const char *name)
{
	for (size_t i = 0; i < sizeof searching / sizeof *searching; i++)
		if (strcmp(searching[i]->name, name) == 0)
			return searching[i];
	return NULL;
}

const char *strategy_named(unsigned number)
{
	return number < sizeof searching / sizeof *searching ? searching[number]->name : NULL;
}
