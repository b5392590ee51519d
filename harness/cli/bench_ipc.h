/* bench_ipc.h - snarl bench ipc: shared memory and messages, compared. */
#ifndef SNARL_CLI_BENCH_IPC_H
#define SNARL_CLI_BENCH_IPC_H

#include <stdbool.h>
#include <stdio.h>

#include "ipc.h"

/*
 * Measure what `plan` wants and print it; store it beside the store `db` if it is everything that
 * can be measured. Returns the exit code.
 */
int bench_ipc(const struct catalog *catalog, struct ipc_plan *plan, bool json, const char *db);

/* Print the names of all that can be measured, each after a space. */
void bench_ipc_names(FILE *out);

#endif
