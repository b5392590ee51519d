/* describe.h - the linked scenario as JSON, one line of the catalogue. */
#ifndef SNARL_MAIN_DESCRIBE_H
#define SNARL_MAIN_DESCRIBE_H

#include <jansson.h>

/*
 * Describe the scenario, with what each engine is expected to see spelled out, without what cannot
 * be used of it; a new reference.
 */
json_t *describe(const char *scenario_name, const char *variant_name);

/* The linked engine as the event "engine" has it; a new reference. */
json_t *describe_engine(void);

#endif
