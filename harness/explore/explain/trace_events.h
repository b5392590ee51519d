/* trace_events.h - a traced execution as events. */
#ifndef SNARL_EXPLORE_TRACE_EVENTS_H
#define SNARL_EXPLORE_TRACE_EVENTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct actor;

/*
 * Write the races as events; if `steps`, also the steps (of plain and atomic accesses, those at
 * shared locations) and the ledger.
 */
void trace_write(bool steps);

/* An address as events describe it; a new reference. */
json_t *trace_place(uintptr_t address);

/*
 * Whether what an actor reads in a loop still has the value that the written steps say, and nothing
 * has written it since. In doubt it has not.
 */
bool trace_steady(const struct actor *reader);

/* The recorded step that is written under the number `shown`; 0: there is none. */
uint64_t trace_step(uint64_t shown);

#endif
