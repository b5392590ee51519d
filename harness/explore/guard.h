/*
 * guard.h - what the scheduler cannot see from its steps: a crash, and a loop without any.
 */
#ifndef SNARL_EXPLORE_GUARD_H
#define SNARL_EXPLORE_GUARD_H

/*
 * From now on a deadly signal in an actor ends its execution as a crash, and an actor that uses the
 * processor for GUARD_MS without a step ends it as a hang. Elsewhere signals do what they did.
 */
void guard_open(void);

enum { GUARD_MS = 250 };

#endif
