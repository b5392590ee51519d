/*
 * spin.c - busy-wait detection.
 *
 * A spin is an iteration of a loop that leaves its actor in the state that it was in before. After
 * SPIN_LOOK_AFTER reads or yields without a write, a checkpoint is taken at one of them: its
 * instruction, its location, and a copy of the stack and of the registers that survive a call. From
 * there on each read is kept with its value. When the actor returns to the same instruction and
 * location with the same stack and registers, holds no lock, and finds the same values in all that
 * it has read, it is parked as a watcher of these locations. If it has not returned when the number
 * of reads has doubled, a new checkpoint is taken; if it returns in another state, the checkpoint
 * moves there.
 *
 * Parking is sound because the actor is deterministic: from the same state, with the same values to
 * read, it repeats the same iteration until another actor writes one of them, and such a write
 * makes it ready again. Every other change (a write of its own, a model call with an effect, a look
 * at the clock) restarts the detection, so that only executions with more iterations of the loop
 * are skipped.
 *
 * Some spins are missed: iterations with more than SPIN_READS_MAX reads or SPIN_STACK_MAX bytes of
 * stack, with a write or a local that changes (a retry counter, say), without a read, or with a
 * lock held throughout. They cost time, which the fairness bound (FAIR_STEPS) and STEPS_MAX limit:
 * the first lets other actors run, the second ends the execution as a livelock. A write by code
 * that is not instrumented goes unnoticed by the watchers; for it, parked actors retry within their
 * spin budget when no actor is ready, before the execution counts as stuck.
 */
#include "spin.h"

#include <string.h>

#include "location.h"
#include "machine.h"

enum { NO_ADDRESS = 4096 };

/* Mark of injectors/outside.awk: variables of the variant may live in registers. */
extern const char snarl_has_registers __attribute__((weak));

/* Unoptimised code has all its variables on the stack. */
static bool registers_read(uintptr_t sp, uintptr_t values[MACHINE_SAVED_MAX])
{
	return !&snarl_has_registers || machine_saved(sp, values);
}

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
	spin->overflow =
		spin->stack_bytes > sizeof spin->stack || !registers_read(sp, spin->registers);
	if (!spin->overflow)
		memcpy(spin->stack, (const void *)sp, spin->stack_bytes);
}

/* Whether the actor is in the state that it was in at the checkpoint. */
static bool spin_same_state(const struct actor *self, uintptr_t sp)
{
	const struct spin *spin = &self->spin;
	uintptr_t registers[MACHINE_SAVED_MAX] = {0};

	/* Without a read there is nothing to watch: actors that poll by calls are not parked. */
	if (spin->overflow || !spin->count || sp != spin->sp ||
		memcmp(spin->stack, (const void *)sp, spin->stack_bytes) != 0)
		return false;
	for (unsigned i = 0; i < spin->count; i++)
		if (value_at(spin->read[i].address, spin->read[i].size) != spin->read[i].value)
			return false;
	return registers_read(sp, registers) &&
	       memcmp(registers, spin->registers, sizeof registers) == 0;
}

void spin_look(struct actor *self, struct location *location, uintptr_t address, unsigned size,
	uintptr_t pc, uintptr_t sp)
{
	struct spin *spin = &self->spin;
	bool round;

	/* The first look since the actor changed something: an earlier checkpoint is void. */
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
	/* The iteration is longer than expected, or its state differs: take a new checkpoint. */
	if (!self->held && (spin->reads >= spin->checkpoint_at || round)) {
		if (spin->reads >= spin->checkpoint_at)
			spin->checkpoint_at = 2 * spin->reads;
		spin_checkpoint(self, location, pc, sp);
	}
	if (location)
		spin_note(spin, location, address, size);
}
