/* screen.h - what a person sees on the terminal. */
#ifndef SNARL_CLI_SCREEN_H
#define SNARL_CLI_SCREEN_H

#include <stdbool.h>

#include "result.h"
#include "supervise.h"

/*
 * One line on stdout for a case; `full` adds its message, and how to replay it and to see more of
 * it in the store `db`, NULL if it is not stored.
 */
void screen_case(const struct result *result, bool full, const char *db);

/* The names of screen_case's columns. */
void screen_header(void);

/* Progress on stderr: `done` of `all` cases, and one of those that run now. */
void screen_progress(unsigned done, unsigned all, const struct supervised *now);

/* Take the progress bar away, before anything else is printed. */
void screen_clear(void);

#endif
