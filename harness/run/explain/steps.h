/*
 * steps.h - the steps that explore reports, in words: names for places, values by their types, and
 * a sentence each.
 */
#ifndef SNARL_RUN_STEPS_H
#define SNARL_RUN_STEPS_H

#include <jansson.h>

#include "catalog.h"
#include "symbols.h"

/* Turn the events of type "step" in `trace` into the steps of result.h, in place. */
void steps_symbolise(struct symbols *symbols, const struct subject *subject, json_t *trace);

/* The sentence with names in place of its "<state+16>" and "<program+4096>"; to be freed. */
char *steps_sentence(struct symbols *symbols, const char *sentence);

/*
 * The name of a place in an event: "slots[2]"; to be freed; NULL if it has none. Here and below
 * `symbols` is NULL if there is no debug information.
 */
char *steps_place(struct symbols *symbols, const json_t *place);

/*
 * Frames of a stack of return addresses, or of names if there are only those, without the frames of
 * the harness; a new reference.
 */
json_t *steps_stack(struct symbols *symbols, const json_t *addresses);

/* The members that the variant observes, from a copy of its state in hexadecimal; a new reference.
 */
json_t *steps_observed(struct symbols *symbols, const struct subject *subject, const char *hex);

#endif
