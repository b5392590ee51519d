/* sarif.h - what failed as SARIF 2.1.0, for editors and code hosts that show such results. */
#ifndef SNARL_REPORTS_SARIF_H
#define SNARL_REPORTS_SARIF_H

#include <jansson.h>

#include "store.h"

/*
 * A log with one run: a result for the newest result of every case that saw something, whose rule
 * is the kind of bug. A new reference.
 */
json_t *sarif_make(struct store *store);

#endif
