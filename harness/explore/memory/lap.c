/* lap.c - waiting loops. */
#include "lap.h"

#include <string.h>

#include "place.h"

enum { NO_ADDRESS = 4096 };

static uint64_t value_at(uintptr_t address, unsigned size)
{
	uint64_t value = 0;

	memcpy(&value, (const void *)address, size < sizeof value ? size : sizeof value);
	return value;
}

static void lap_note(struct lap *lap, struct place *place, uintptr_t address, unsigned size)
{
	/* A load from the zero page will fault in the program; do not fault here first. */
	if (lap->count == LAP_PLACES_MAX || address < NO_ADDRESS) {
		lap->lost = true;
		return;
	}
	lap->read[lap->count].place = place;
	lap->read[lap->count].address = address;
	lap->read[lap->count].size = size;
	lap->read[lap->count++].value = value_at(address, size);
}

static void lap_begin(struct actor *self, struct place *place, uintptr_t pc, uintptr_t sp)
{
	struct lap *lap = &self->lap;

	lap->pc = pc;
	lap->place = place;
	lap->sp = sp;
	lap->count = 0;
	lap->stack_bytes = self->fiber.top - sp;
	lap->lost = lap->stack_bytes > sizeof lap->stack;
	if (!lap->lost)
		memcpy(lap->stack, (const void *)sp, lap->stack_bytes);
}

/* Whether the actor is in the state that it was in when the lap began. */
static bool lap_recurs(const struct actor *self, uintptr_t sp)
{
	const struct lap *lap = &self->lap;

	/* Without a read there is nothing to wait for: whoever polls by calls goes on. */
	if (lap->lost || !lap->count || sp != lap->sp ||
		memcmp(lap->stack, (const void *)sp, lap->stack_bytes) != 0)
		return false;
	for (unsigned i = 0; i < lap->count; i++)
		if (value_at(lap->read[i].address, lap->read[i].size) != lap->read[i].value)
			return false;
	return true;
}

void lap_look(struct actor *self, struct place *place, uintptr_t address, unsigned size,
	uintptr_t pc, uintptr_t sp)
{
	struct lap *lap = &self->lap;
	bool round;

	/* The first look since the actor has changed something: a lap of before is void. */
	if (lap->reads == LAP_READS) {
		lap->pc = 0;
		lap->count = 0;
		lap->anchor_at = LAP_READS;
	}
	round = lap->pc == pc && place == lap->place && !self->held;
	if (round && lap_recurs(self, sp)) {
		for (unsigned i = 0; i < lap->count; i++)
			lap->read[i].place->watchers |= 1u << self->index;
		scheduler_park(self);
		return;
	}
	/* A lap longer than the last guess, or one that was not the same: guess again. */
	if (!self->held && (lap->reads >= lap->anchor_at || round)) {
		if (lap->reads >= lap->anchor_at)
			lap->anchor_at = 2 * lap->reads;
		lap_begin(self, place, pc, sp);
	}
	if (place)
		lap_note(lap, place, address, size);
}
