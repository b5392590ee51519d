/*
 * effort.h - how many executions a case without a bug has to make, from its broken twins.
 *
 * A clean case is worth as much as what it would have caught. A correct variant therefore runs
 * until it has made EFFORT_TIMES the executions that caught the slowest of its broken twins on the
 * same engine: a bug ten times rarer than that one would have shown in 9,999 of 10,000 runs. This
 * holds as far as the twin's rate is known: one failure gives a rough estimate, ten give a good
 * one.
 */
#ifndef SNARL_RUN_EFFORT_H
#define SNARL_RUN_EFFORT_H

#include "catalog.h"
#include "result.h"

enum {
	EFFORT_TIMES = 20,
	EFFORT_MS_MIN = 100,   /* of a calibrated case, however soon its twins are caught */
	EFFORT_MS_MAX = 2000,  /* of any case, unless a budget was asked for */
	EFFORT_MS_FIXED = 300, /* if no twin was caught, or the bug may be missed */
};

/* Whether a case's twins set its effort: its engine is expected to see nothing in it. */
bool effort_calibrated(const struct subject *subject, const char *engine);

/*
 * The number of executions that catch a bug like this one in 99 of 100 runs, from its rate of
 * failures and its first failure; never fewer than it took this time.
 */
uint64_t effort_of(const struct result *caught);

/* Seconds that a case usually takes, as long as nothing but its declaration is known. */
double effort_usual(const struct subject *subject, const char *engine);

/*
 * Put the effort of a case into its plan. `twin_executions` is what the slowest twin of a
 * calibrated case took; 0: no twin was caught, and the budget is a fixed one.
 */
void effort_plan(struct plan *plan, const struct subject *subject, uint64_t twin_executions);

/*
 * Note in a clean result which twin set its effort and how far that was reached, also as its
 * message. Does nothing if no twin was caught.
 */
void effort_note(struct result *result, const char *twin, uint64_t twin_executions);

#endif
