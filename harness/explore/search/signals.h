/*
 * signals.h - what the scheduler cannot see from its steps: a crash, and a loop without any.
 */
#ifndef SNARL_EXPLORE_SIGNALS_H
#define SNARL_EXPLORE_SIGNALS_H

#include <setjmp.h>

/*
 * From now on a deadly signal in an actor ends its execution as a crash, and an actor that uses the
 * processor for SIGNALS_HANG_MS without a step ends it as a hang. Elsewhere signals do what they
 * did.
 */
void signals_open(void);

enum { SIGNALS_HANG_MS = 500 };

/*
 * Protects set-up and check. Like sigsetjmp: returns 0 first, then nonzero after a crash or hang,
 * with scheduler.failure set.
 */
#define signals_enter() sigsetjmp(signals_back, signals_on())
void signals_leave(void);

/* Returns 0: the mask of signals is not to be saved. */
int signals_on(void);
extern sigjmp_buf signals_back;

#endif
