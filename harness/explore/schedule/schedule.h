/*
 * schedule.h - the decisions of an execution that differ from the default, in order.
 *
 * A deviation records that at a certain count of its actor another actor ran next, or a fault
 * happened. Each actor has its own count, so that most deviations keep their meaning when another
 * is removed, as shrinking does.
 */
#ifndef SNARL_EXPLORE_SCHEDULE_H
#define SNARL_EXPLORE_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SCHEDULE_MAX = 16 * 1024, /* deviations; an execution with more cannot be replayed */
	SCHEDULE_ACTORS_MAX = 128,
	SCHEDULE_VERSION = 18, /* of the text; unversioned ones begin with none of 16 to 30 */
};

enum deviation_kind {
	DEVIATION_SWITCH, /* the actor `to` runs next, or is chosen by scheduler_pick */
	DEVIATION_FAULT,  /* a fault happens; `to` is 0 */
	DEVIATION_CHOICE, /* `to` was chosen among things that are not actors */
	DEVIATION_KINDS,
};

struct deviation {
	uint32_t count;
	uint8_t actor;
	uint8_t kind;
	uint16_t to;
};

struct schedule {
	unsigned count; /* may exceed SCHEDULE_MAX: then the rest is missing */
	struct deviation deviations[SCHEDULE_MAX];
};

static inline void schedule_add(struct schedule *schedule, unsigned actor, uint32_t count,
	enum deviation_kind kind, unsigned to)
{
	if (schedule->count < SCHEDULE_MAX)
		schedule->deviations[schedule->count] =
			(struct deviation){count, (uint8_t)actor, (uint8_t)kind, (uint16_t)to};
	schedule->count++;
}

void schedule_copy(struct schedule *to, const struct schedule *from);

/*
 * Encode as text that a token may hold: numbers in letters of five bits each, least significant
 * first. SCHEDULE_VERSION comes first. Three numbers per deviation follow: its kind and target in
 * one, its actor, and the actor's count since its last deviation. Returns 0 or -ENOSPC.
 */
int schedule_encode(const struct schedule *schedule, char *text, size_t size);

/* Decode it. Returns 0, -EPROTO if it is of another version, or -EINVAL. */
int schedule_decode(const char *text, struct schedule *schedule);

#endif
