/* silence.h - when a silent case counts as a hang, and why it hangs. */
#ifndef SNARL_RUN_SILENCE_H
#define SNARL_RUN_SILENCE_H

#include "child.h"
#include "clock.h"

enum {
	SILENCE_NOTED_MS = 20, /* from here on a silence's CPU time is counted */
};

static inline bool silence_begun(const struct child *child)
{
	return clock_ns() - child->heard_ns >= (uint64_t)SILENCE_NOTED_MS * 1000000;
}

/*
 * Check a child that has been silent; if it is stuck or overruns its budget, record why and kill
 * it.
 */
void silence_judge(struct child *child);

#endif
