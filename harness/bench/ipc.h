/* ipc.h - all mechanisms compared in one run. */
#ifndef SNARL_BENCH_IPC_H
#define SNARL_BENCH_IPC_H

#include <jansson.h>
#include <stdbool.h>

#include "catalog.h"
#include "compare.h"

enum { IPC_ROUNDS = 9, IPC_BUDGET_MS = 20 * 1000, IPC_NAME_MAX = 80 };

struct ipc_plan {
	unsigned budget_ms;
	bool (*wanted)(const void *names, const char *name); /* "ipc/pipe/4096" */
	const void *names;
	void (*progress)(unsigned done, unsigned all, const char *title);
};

/* Whether the plan wants any measurement that exists. */
bool ipc_wanted(const struct ipc_plan *plan);

/*
 * Measure what is wanted. Each round goes through all mechanisms one after the other, so that other
 * load on the machine affects all of them alike. A new reference, NULL if this program was asked to
 * end:
 *
 *   {"v":1, "type":"bench-ipc", "began", "seconds", "rounds", "slot_us", "whole": all was wanted,
 *    "sizes": [16, ...], "copy": spread of a memcpy's ns per byte, "environment", "mechanisms": [
 *     {"name", "title", "model", "family", "copies", "copied", "limit", "setup": spread of ns,
 *      "skipped": why, "calls_skipped": why,
 *      "points": [{"size", "time": spread of ns per message, half a round trip,
 *                  "stream": spread of ns per message, one after the other,
 *                  "throughput": spread of bytes/s,
 *                  "calls": {"ping", "stream"}, "skipped": why}]}]}
 *
 * where a spread is {"low", "median", "high"}: quartiles. What does not apply is absent.
 */
json_t *ipc_measure(const struct catalog *catalog, const struct ipc_plan *plan);

/* The path of the result beside a store, to be freed. */
char *ipc_path(const char *db);

/* The spread of that name in an object; zeroes if there is none. */
struct spread ipc_spread(const json_t *object, const char *name);

/* Write the result there, whole or not at all. Returns 0 or a negative errno. */
int ipc_store(const json_t *result, const char *path);

#endif
