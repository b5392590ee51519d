/* lanes.h - an interleaving on the terminal: one row per step, one lane per actor. */
#ifndef SNARL_CLI_LANES_H
#define SNARL_CLI_LANES_H

#include <stdbool.h>

#include "result.h"

/*
 * Print the trace of a result to stdout, if it has one. With `most`, only that many of its steps
 * are printed, those that tell most of what went wrong; 0 prints all. With `full`, a text that is
 * too long for its lane continues in the next line instead of being cut.
 */
void lanes_print(const struct result *result, unsigned most, bool full);

#endif
