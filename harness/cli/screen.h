/* screen.h - what a person sees on the terminal. */
#ifndef SNARL_CLI_SCREEN_H
#define SNARL_CLI_SCREEN_H

#include <stdbool.h>

#include "result.h"
#include "supervise.h"
#include "text.h"

/* How much is printed of a case: only its line; its message and the steps that tell most; all. */
enum screen_depth { SCREEN_LINE, SCREEN_FULL, SCREEN_WHOLE };

/*
 * Print one line on stdout for a case; with more `depth`, or if the outcome is not as expected,
 * also its message and interleaving, how to replay it, and its page, NULL if it gets none.
 */
void screen_case(const struct result *result, enum screen_depth depth, const char *page);

/* Print the message behind eight spaces; for a standstill, one line per actor. */
void screen_message(const struct result *result);

/* Print how a failure is replayed, and its page, NULL if it gets none. */
void screen_replay(const struct result *result, const char *page);

/* Print the names of the columns of screen_case. */
void screen_header(bool questions);

/* How far a campaign is. */
struct progress {
	unsigned done, all, failed; /* cases */
	double left;		    /* seconds that the others will take; 0: not known yet */
};

/* Print progress on stderr, with one of the cases that run now. */
void screen_progress(const struct progress *progress, const struct supervised *now);

/* "0.4 s", "1:05 min". */
const char *seconds_text(double seconds, char text[TEXT_NUMBER_MAX]);

/* Print on stderr how to reach a case with fiu-ctrl. */
void screen_listening(const struct supervised *now, pid_t pid);

/* Remove the progress bar before anything else is printed. */
void screen_clear(void);

#endif
