/* terminal.h - what a descriptor can show to a person. */
#ifndef SNARL_CLI_TERMINAL_H
#define SNARL_CLI_TERMINAL_H

#include <jansson.h>
#include <stdbool.h>

/* Whether colours are wanted on a descriptor, and can be shown there. */
bool terminal_colored(int fd);

/* The columns of the terminal; 80 if it is no terminal, or does not say. */
unsigned terminal_width(int fd);

/*
 * Print one line of JSON on stdout. Characters that a terminal would obey stand there as escapes,
 * which JSON alone asks for only of some.
 */
void json_print(const json_t *json);

#endif
