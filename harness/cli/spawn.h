/* spawn.h - programs that a command runs and waits for. */
#ifndef SNARL_CLI_SPAWN_H
#define SNARL_CLI_SPAWN_H

#include <stdbool.h>

#include "command.h"

enum { SPAWN_NONE = 127 }; /* exit status if there is no such program */

/*
 * Run a program, found in PATH, in a folder (NULL: this one), and wait for its end. `output` gets
 * what it wrote on standard output, to be freed; NULL: it writes where this program does. A signal
 * that asks this program to end is passed on to it as SIGINT; if this program is killed, it gets
 * SIGTERM. Returns its exit status, or 128 and the number of the signal that ended it.
 */
int spawn(const struct string_list *words, const char *folder, char **output);

/* From now on note the signals that ask this program to end; and whether one came. */
void interruption_note(void);
bool interrupted(void);

/* Sleep that long, or until a signal comes. */
void interruption_sleep(unsigned ms);

#endif
