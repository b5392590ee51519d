/* bench_detection.h - snarl bench detection: which engine sees which bug, and how soon. */
#ifndef SNARL_CLI_BENCH_DETECTION_H
#define SNARL_CLI_BENCH_DETECTION_H

#include <stdbool.h>

#include "select.h"

struct detection_plan {
	unsigned runs, budget_ms; /* of each cell, and of each run */
	bool json;
	const char *db; /* the results are stored beside it */
};

/*
 * Measure the cases named (none: all that may be broken) on all engines, without injection and with
 * each profile; print and store what was seen. Returns the exit code.
 */
int bench_detection(const struct catalog *catalog, const struct string_list *names,
	const struct detection_plan *plan);

#endif
