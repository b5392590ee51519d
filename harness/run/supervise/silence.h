/* silence.h - when a case that says nothing hangs, and why. */
#ifndef SNARL_RUN_SILENCE_H
#define SNARL_RUN_SILENCE_H

#include "child.h"

enum {
	SILENCE_NOTED_MS = 20, /* from here on a silence's CPU time is counted */
};

/* Look at a child that has said nothing of late; where it is stuck, say why, and kill it. */
void silence_judge(struct child *child);

#endif
