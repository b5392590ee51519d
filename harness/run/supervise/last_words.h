/* last_words.h - what a dead case leaves: what it printed, and how it died. */
#ifndef SNARL_RUN_LAST_WORDS_H
#define SNARL_RUN_LAST_WORDS_H

#include "child.h"

/* Keep the end of what it printed. */
void output_keep(struct child *child);

/* A process that ended without its last event has crashed, or could not run. */
void death_judge(struct child *child);

#endif
