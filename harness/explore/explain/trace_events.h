/* trace_events.h - a traced execution as events. */
#ifndef SNARL_EXPLORE_TRACE_EVENTS_H
#define SNARL_EXPLORE_TRACE_EVENTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Write the races as events; if `steps`, also the steps (of plain and atomic accesses, those at
 * shared locations) and the ledger.
 */
void trace_write(bool steps);

/* An address as events describe it; a new reference. */
json_t *trace_place(uintptr_t address);

/* The recorded step that is written under the number `shown`; 0: there is none. */
uint64_t trace_step(uint64_t shown);

#endif
