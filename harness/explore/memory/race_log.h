/* race_log.h - the races that a search has seen: the first schedule that shows each. */
#ifndef SNARL_EXPLORE_RACE_LOG_H
#define SNARL_EXPLORE_RACE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "schedule.h"
#include "scheduler.h"

enum { RACES_MAX = 8 /* different locations; later ones are not kept */ };

struct race_seen {
	uint64_t key; /* of the location */
	uint64_t execution;
	const char *strategy;
	struct shape shape;
	struct schedule schedule;
};

/* Begin a search. */
void race_log_forget(void);

/* The location with this key raced in the running execution. */
void race_log_note(uint64_t key);

/* After an execution: keep its schedule for the races that it was the first to show. */
void race_log_keep(uint64_t execution);

/* Whether the location raced in the last execution. */
bool race_log_here(uint64_t key);

/* Races whose schedules are kept. */
unsigned race_log_count(void);
const struct race_seen *race_log_at(unsigned index);

#endif
