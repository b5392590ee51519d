/*
 * spin.h - busy-wait detection: an actor that spins without effect is parked until a location it
 * reads is written.
 *
 * This is sound only if the comparison covers all of an actor's own state: its stack, and the
 * registers that survive a call. Any other write restarts the detection. Locks that are
 * acquired and released within an iteration change nothing; an actor that holds one is never
 * parked.
 */
#ifndef SNARL_EXPLORE_SPIN_H
#define SNARL_EXPLORE_SPIN_H

#include "scheduler.h"

enum { SPIN_LOOK_AFTER = 6 /* reads without a write before a loop is suspected */ };

void spin_look(struct actor *self, struct location *location, uintptr_t address, unsigned size,
	uintptr_t pc, uintptr_t sp);

/* The actor reads at `pc`; its own stack begins at `sp`. May park the actor. */
static inline void spin_read(struct actor *self, struct location *location, uintptr_t address,
	unsigned size, const void *pc, const void *sp)
{
	if (__builtin_expect(++self->spin.reads >= SPIN_LOOK_AFTER, 0))
		spin_look(self, location, address, size, (uintptr_t)pc, (uintptr_t)sp);
}

/* The actor yields: the only place to park one that polls under a lock. */
static inline void spin_yield(struct actor *self, const void *pc, const void *sp)
{
	if (__builtin_expect(++self->spin.reads >= SPIN_LOOK_AFTER, 0))
		spin_look(self, NULL, 0, 0, (uintptr_t)pc, (uintptr_t)sp);
}

/* The actor has changed something: restart the detection. */
static inline void spin_break(struct actor *self)
{
	self->spin.reads = 0;
}

#endif
