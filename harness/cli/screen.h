/* screen.h - what a person sees on the terminal. */
#ifndef SNARL_CLI_SCREEN_H
#define SNARL_CLI_SCREEN_H

#include <stdbool.h>

#include "result.h"
#include "supervise.h"

/* How much is printed of a case: only its line; its message and the steps that tell most; all. */
enum screen_depth { SCREEN_LINE, SCREEN_FULL, SCREEN_WHOLE };

/*
 * Print one line on stdout for a case; with more `depth`, or if the outcome is not as expected,
 * also its message and interleaving, and how to replay it and to see more of it in the store `db`,
 * NULL if it is not stored.
 */
void screen_case(const struct result *result, enum screen_depth depth, const char *db);

/* Print the names of the columns of screen_case. */
void screen_header(bool questions);

/*
 * Print progress on stderr: `done` of `all` cases, one of those that run now, and the seconds that
 * the others will take, 0 if that is not known yet.
 */
void screen_progress(unsigned done, unsigned all, double left, const struct supervised *now);

/* Print on stderr how to reach a case with fiu-ctrl. */
void screen_listening(const struct supervised *now, pid_t pid);

/* Remove the progress bar before anything else is printed. */
void screen_clear(void);

#endif
