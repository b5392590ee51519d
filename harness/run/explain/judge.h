/* judge.h - a verdict against its expectation. */
#ifndef SNARL_RUN_JUDGE_H
#define SNARL_RUN_JUDGE_H

#include "catalog.h"
#include "result.h"

/*
 * Fill in what was expected, the verdict and the outcome.
 *
 * An engine that must see a bug has to show one of the kinds expected of it, and a data race has to
 * lie in the function that `race_in` names. If ThreadSanitizer is declared blind, that is about its
 * own reports: its oracle may still see the bug.
 */
void judge(struct result *result, const struct subject *subject);

#endif
