/* races.h - the races that a search has seen: the first schedule that shows each. */
#ifndef SNARL_EXPLORE_RACES_H
#define SNARL_EXPLORE_RACES_H

#include <stdbool.h>
#include <stdint.h>

#include "schedule.h"
#include "scheduler.h"

enum { RACES_MAX = 8 /* different places; later ones are not kept */ };

struct race_seen {
	uint64_t key; /* of the place */
	uint64_t execution;
	const char *strategy;
	struct shape shape;
	struct schedule schedule;
};

/* Begin a search. */
void races_forget(void);

/* The place with this key raced in the running execution. */
void races_note(uint64_t key);

/* The execution is over: keep its schedule for the races that it showed first. */
void races_keep(uint64_t execution);

/* Whether the place raced in the execution that was just run. */
bool races_here(uint64_t key);

/* Races whose schedules are kept. */
unsigned races_count(void);
const struct race_seen *races_at(unsigned index);

#endif
