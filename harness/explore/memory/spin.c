/* spin.c - waiting loops. */
#include "spin.h"

#include <string.h>

#include "location.h"

enum { NO_ADDRESS = 4096 };

static uint64_t value_at(uintptr_t address, unsigned size)
{
	uint64_t value = 0;

	memcpy(&value, (const void *)address, size < sizeof value ? size : sizeof value);
	return value;
}

static void spin_note(
	struct spin *spin, struct location *location, uintptr_t address, unsigned size)
{
	/* A load from the zero page will fault in the program; do not fault here first. */
	if (spin->count == SPIN_READS_MAX || address < NO_ADDRESS) {
		spin->overflow = true;
		return;
	}
	spin->read[spin->count].location = location;
	spin->read[spin->count].address = address;
	spin->read[spin->count].size = size;
	spin->read[spin->count++].value = value_at(address, size);
}

static void spin_checkpoint(
	struct actor *self, struct location *location, uintptr_t pc, uintptr_t sp)
{
	struct spin *spin = &self->spin;

	spin->pc = pc;
	spin->location = location;
	spin->sp = sp;
	spin->count = 0;
	spin->stack_bytes = self->fiber.top - sp;
	spin->overflow = spin->stack_bytes > sizeof spin->stack;
	if (!spin->overflow)
		memcpy(spin->stack, (const void *)sp, spin->stack_bytes);
}

/* Whether the actor is in the state that it was in when the lap began. */
static bool spin_same_state(const struct actor *self, uintptr_t sp)
{
	const struct spin *spin = &self->spin;

	/* Without a read there is nothing to wait for: whoever polls by calls goes on. */
	if (spin->overflow || !spin->count || sp != spin->sp ||
		memcmp(spin->stack, (const void *)sp, spin->stack_bytes) != 0)
		return false;
	for (unsigned i = 0; i < spin->count; i++)
		if (value_at(spin->read[i].address, spin->read[i].size) != spin->read[i].value)
			return false;
	return true;
}

void spin_look(struct actor *self, struct location *location, uintptr_t address, unsigned size,
	uintptr_t pc, uintptr_t sp)
{
	struct spin *spin = &self->spin;
	bool round;

	/* The first look since the actor has changed something: a lap of before is void. */
	if (spin->reads == SPIN_LOOK_AFTER) {
		spin->pc = 0;
		spin->count = 0;
		spin->checkpoint_at = SPIN_LOOK_AFTER;
	}
	round = spin->pc == pc && location == spin->location && !self->held;
	if (round && spin_same_state(self, sp)) {
		for (unsigned i = 0; i < spin->count; i++)
			spin->read[i].location->watchers |= actor_one(self->index);
		scheduler_park(self);
		return;
	}
	/* A lap longer than the last guess, or one that was not the same: guess again. */
	if (!self->held && (spin->reads >= spin->checkpoint_at || round)) {
		if (spin->reads >= spin->checkpoint_at)
			spin->checkpoint_at = 2 * spin->reads;
		spin_checkpoint(self, location, pc, sp);
	}
	if (location)
		spin_note(spin, location, address, size);
}
