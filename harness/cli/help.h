/* help.h - what snarl says of itself: all commands, and its exit codes. */
#ifndef SNARL_CLI_HELP_H
#define SNARL_CLI_HELP_H

#include <stdio.h>

void help_print(FILE *out);

/* The command of that name; otherwise ends the program with 2. */
const struct command *command_find(const char *name);

#endif
