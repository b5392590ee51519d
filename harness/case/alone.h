/*
 * alone.h - whether a failure repeats in a process that has run nothing before: executions may
 * leave something behind for those after them, which nobody restores (handlers of signals, a file,
 * a library's own state).
 */
#ifndef SNARL_CASE_ALONE_H
#define SNARL_CASE_ALONE_H

#include "plan.h"

enum alone { ALONE_PASSES, ALONE_FAILS, ALONE_UNKNOWN };

/*
 * Run this program again with the plan, which is made `alone`: the engine ends that process by
 * alone_end. While no actor runs.
 */
enum alone alone_try(const struct plan *plan);

/* End a process whose plan is `alone`. */
void alone_end(bool failed) __attribute__((noreturn));

/* What a message says of a failure that did not repeat. */
extern const char alone_sentence[];

#endif
