/*
 * spin.h - busy-wait detection: an actor that spins without effect is parked until a location it
 * reads is written.
 *
 * Sound only if nothing of an actor's own state escapes the comparison: the scenario is compiled so
 * that locals live on the stack, and whatever else it writes is a write that begins anew. Locks
 * that are taken and given back within a lap change nothing; whoever holds one is never parked.
 */
#ifndef SNARL_EXPLORE_SPIN_H
#define SNARL_EXPLORE_SPIN_H

#include "scheduler.h"

enum { SPIN_LOOK_AFTER = 6 /* without a write before a loop is looked for */ };

void spin_look(struct actor *self, struct location *location, uintptr_t address, unsigned size,
	uintptr_t pc, uintptr_t sp);

/* The actor reads, at `pc`, with its own stack from `sp` up. May park it. */
static inline void spin_read(struct actor *self, struct location *location, uintptr_t address,
	unsigned size, const void *pc, const void *sp)
{
	if (__builtin_expect(++self->spin.reads >= SPIN_LOOK_AFTER, 0))
		spin_look(self, location, address, size, (uintptr_t)pc, (uintptr_t)sp);
}

/* The actor offers its turn: in a loop that polls under a lock, the only place to park it. */
static inline void spin_yield(struct actor *self, const void *pc, const void *sp)
{
	if (__builtin_expect(++self->spin.reads >= SPIN_LOOK_AFTER, 0))
		spin_look(self, NULL, 0, 0, (uintptr_t)pc, (uintptr_t)sp);
}

/* The actor has changed something. */
static inline void spin_break(struct actor *self)
{
	self->spin.reads = 0;
}

#endif
