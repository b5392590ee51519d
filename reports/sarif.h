/* sarif.h - failures as SARIF 2.1.0, for editors and code hosts that show such results. */
#ifndef SNARL_REPORTS_SARIF_H
#define SNARL_REPORTS_SARIF_H

#include <jansson.h>

#include "store.h"

/*
 * A log with one run: one result for every case whose newest result saw something; its rule is the
 * kind of bug. Returns a new reference.
 */
json_t *sarif_make(struct store *store);

#endif
