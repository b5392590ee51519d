/* terminal.h - what a descriptor can show to a person. */
#ifndef SNARL_CLI_TERMINAL_H
#define SNARL_CLI_TERMINAL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

/* Options that every command has. */
extern struct common_options {
	const char *color;    /* auto, always, never */
	const char *progress; /* auto, bar, plain, never */
} common_options;

/* Whether colours are wanted on a descriptor, and can be shown there. */
bool terminal_colored(int fd);

/* The columns of the terminal; 80 if it is no terminal, or does not say. */
unsigned terminal_width(int fd);

/* The columns that the text takes, one for each character. */
unsigned text_columns(const char *text);

/*
 * Print the text from column `at` on, and end the line. It continues in further lines, behind
 * `indent` spaces, where it would pass `width` columns; a longer word stays whole.
 */
void words_print(FILE *out, const char *text, unsigned at, unsigned indent, unsigned width);

/*
 * Print one line of JSON on stdout. Characters that a terminal would obey stand there as escapes,
 * which JSON alone asks for only of some.
 */
void json_print(const json_t *json);

#endif
