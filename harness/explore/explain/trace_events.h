/* trace_events.h - a traced execution as events. */
#ifndef SNARL_EXPLORE_TRACE_EVENTS_H
#define SNARL_EXPLORE_TRACE_EVENTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Write as events the races, and, where `steps`, the shared steps, the ledger. */
void trace_write(bool steps);

/* A place as events tell it; a new reference. */
json_t *trace_place(uintptr_t address);

/* The recorded step that is written as number `shown`; 0: there is none. */
uint64_t trace_step(uint64_t shown);

#endif
