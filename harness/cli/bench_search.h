/* bench_search.h - snarl bench search: how many schedules explore needs to find the bugs. */
#ifndef SNARL_CLI_BENCH_SEARCH_H
#define SNARL_CLI_BENCH_SEARCH_H

#include <stdbool.h>

#include "catalog.h"

/*
 * Whether a figure is wanted, by its name: "search/STRATEGY", or "search/STRATEGY/SCENARIO/VARIANT"
 * for one case.
 */
typedef bool search_wanted(const void *selection, const char *name);

/*
 * Search every broken case that explore must see, by every strategy with several seeds, and print
 * what was needed. Returns the exit code.
 */
int bench_search(
	const struct catalog *catalog, search_wanted *wanted, const void *selection, bool json);

#endif
