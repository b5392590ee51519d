/*
 * guard.h - what the scheduler cannot see from its steps: a crash, and a loop without any.
 */
#ifndef SNARL_EXPLORE_GUARD_H
#define SNARL_EXPLORE_GUARD_H

#include <setjmp.h>

/*
 * From now on a deadly signal in an actor ends its execution as a crash, and an actor that uses the
 * processor for GUARD_MS without a step ends it as a hang. Elsewhere signals do what they did.
 */
void guard_open(void);

enum { GUARD_MS = 500 };

/*
 * Protects set-up and check. Like sigsetjmp: returns 0 first, then nonzero after a crash or hang,
 * with scheduler.failure set.
 */
#define guard_enter() sigsetjmp(guard_back, guard_on())
void guard_leave(void);

/* Returns 0: the mask of signals is not to be saved. */
int guard_on(void);
extern sigjmp_buf guard_back;

#endif
