/*
 * schedule.h - what an execution did differently from the default, in order.
 *
 * A deviation says: when this actor's own count was so, the turn went there, or a fault happened.
 * Counts are the actor's own, so that most deviations keep their meaning when another is taken
 * away: that is what shrinking does.
 */
#ifndef SNARL_EXPLORE_SCHEDULE_H
#define SNARL_EXPLORE_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SCHEDULE_MAX = 16 * 1024, /* deviations; an execution with more cannot be replayed */
	SCHEDULE_ACTORS_MAX = 128,
	SCHEDULE_VERSION = 18, /* of the text; those before this one began with none of 16 to 30 */
};

enum deviation_kind {
	DEVIATION_SWITCH, /* the turn, or what one gives away, goes to the actor `to` */
	DEVIATION_FAULT,  /* a fault happens; `to` is 0 */
	DEVIATION_CHOICE, /* `to` was chosen, of other things than actors */
	DEVIATION_KINDS,
};

struct deviation {
	uint32_t count;
	uint8_t actor;
	uint8_t kind;
	uint16_t to;
};

struct schedule {
	unsigned count; /* may be beyond SCHEDULE_MAX: then the rest is missing */
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
 * As text that a token may hold: numbers in letters of five bits each, least significant first.
 * First comes SCHEDULE_VERSION; then, of each deviation, its kind and where it leads in one, its
 * actor, and the actor's count since its last. Returns 0, or -ENOSPC.
 */
int schedule_encode(const struct schedule *schedule, char *text, size_t size);

/* Read it again. 0; -EPROTO: it is of another version; or -EINVAL. */
int schedule_decode(const char *text, struct schedule *schedule);

#endif
