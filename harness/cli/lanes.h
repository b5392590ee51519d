/* lanes.h - an interleaving on the terminal: a row a step, a lane an actor. */
#ifndef SNARL_CLI_LANES_H
#define SNARL_CLI_LANES_H

#include <stdbool.h>

#include "result.h"

/*
 * Print the trace of a result to stdout; nothing where it has none. With `most`, only so many of
 * its steps are: those that tell most of what went wrong; 0 prints all. With `full`, what is too
 * long for its lane goes on in the next line instead of being cut.
 */
void lanes_print(const struct result *result, unsigned most, bool full);

#endif
