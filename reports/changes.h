/* changes.h - what changed between runs, and the runs of the store. */
#ifndef SNARL_REPORTS_CHANGES_H
#define SNARL_REPORTS_CHANGES_H

#include "page.h"

/* Write what changed since the run to compare with; since others of the newest runs as folds. */
void changes_write(struct html *html, const struct report *report);

/* Write the table of runs, newest first. */
void runs_write(struct html *html, const struct report *report);

#endif
