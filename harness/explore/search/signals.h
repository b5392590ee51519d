/*
 * signals.h - crash and hang handlers, for what the scheduler cannot see: a crash, and a loop
 * without steps.
 */
#ifndef SNARL_EXPLORE_SIGNALS_H
#define SNARL_EXPLORE_SIGNALS_H

#include <setjmp.h>
#include <signal.h>

/*
 * Install the handlers. From now on a fatal signal in an actor ends its execution as a crash; an
 * actor that uses the CPU for too long without a step ends it as a hang: SIGNALS_LONG_MS if nothing
 * says that executions do not end. Outside actors and the code that signals_enter protects, fatal
 * signals have the effect that they had before.
 */
void signals_open(void);

enum { SIGNALS_HANG_MS = 500, SIGNALS_LONG_MS = 5000 };

/* Set every few milliseconds of CPU time, so that a search of long executions looks at the clock.
 */
extern volatile sig_atomic_t signals_ticked;

/*
 * Protects set-up and check. Like sigsetjmp: returns 0 first, then nonzero after a crash or hang,
 * with scheduler.failure set.
 */
#define signals_enter() sigsetjmp(signals_back, signals_on())
void signals_leave(void);

/* Returns 0, so that sigsetjmp does not save the signal mask. */
int signals_on(void);
extern sigjmp_buf signals_back;

#endif
