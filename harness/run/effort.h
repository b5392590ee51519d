/*
 * effort.h - how many executions a variant without a bug has to make: its broken twins say.
 *
 * A clean case claims something only by what it would have caught. So a correct variant runs until
 * it has made EFFORT_TIMES the executions that caught the slowest of its broken twins on the same
 * engine: a bug ten times rarer than that one would have shown in 9,999 of 10,000 runs. That holds
 * as far as the twin's rate is known: one failure tells it roughly, ten tell it well.
 */
#ifndef SNARL_RUN_EFFORT_H
#define SNARL_RUN_EFFORT_H

#include "catalog.h"
#include "result.h"

enum {
	EFFORT_TIMES = 20,
	EFFORT_MS_MIN = 100,   /* of a calibrated case, however soon its twins are caught */
	EFFORT_MS_MAX = 2000,  /* of any case, unless a budget was asked for */
	EFFORT_MS_FIXED = 300, /* where no twin was caught, or the bug may be missed */
};

/* Whether a case's twins set its effort: its engine is expected to see nothing in it. */
bool effort_calibrated(const struct subject *subject, const char *engine);

/*
 * The executions within which a bug like the caught one is caught in 99 of 100 runs, from how
 * often it failed and when it did first; never less than it took this time.
 */
uint64_t effort_of(const struct result *caught);

/*
 * Put the effort of a case into its plan. The slowest twin of a calibrated one took
 * `twin_executions`; 0: no twin was caught, and the budget is a fixed one.
 */
void effort_plan(struct plan *plan, const struct subject *subject, uint64_t twin_executions);

/*
 * Write into a clean result what it stands for: the twin, and a message. Does nothing if no twin
 * was caught.
 */
void effort_note(struct result *result, const char *twin, uint64_t twin_executions);

#endif
