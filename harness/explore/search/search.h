/*
 * search.h - executions one after another, until something is found or the time is over.
 *
 * What is run is a program: whatever can begin and be judged. The scenarios of snarl are one kind
 * (engine.c).
 */
#ifndef SNARL_EXPLORE_SEARCH_H
#define SNARL_EXPLORE_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "oracle.h"
#include "plan.h"
#include "schedule.h"
#include "scheduler.h"
#include "strategies.h"

struct program {
	/* Put all back to the beginning, and add the actors to the scheduler. */
	void (*begin)(uint64_t execution);
	/* All actors came to their end: what came of it? Valid until the next call. */
	const struct outcome *(*end)(void);
	/* Called now and then: a sign of life. Returns true to stop. */
	bool (*pause)(uint64_t executions);
};

struct finding {
	bool any;
	struct outcome outcome; /* kinds 0: only a race was seen */
	bool foreign;  /* it died in code that is not the program's: do not go there again */
	uint64_t race; /* key of the location that raced, where the race is all; else 0 */
	uint64_t execution;
	const char *strategy;
	struct shape found, shape; /* when found, and as it is now */
	struct schedule schedule;
};

struct search {
	const struct program *program;
	struct strategy *strategy;	  /* opened */
	uint64_t seed, first, executions; /* executions: 0 for no limit */
	uint64_t budget_ns;
	struct effort effort; /* after which it ends, if nothing was found */
	bool keep_going, races_wanted;
};

struct search_result {
	struct histogram histogram;
	struct finding finding;
	uint64_t steps, racing; /* of all executions */
	double seconds;
	bool exhausted; /* the strategy had nothing left */
};

/* Make ready to run executions of up to so many actors. 0 or a negative errno. */
int search_open(unsigned actor_count, void *state, size_t state_size);

/* Run one execution by a strategy that has begun; what came of it, valid until the next. */
const struct outcome *search_execute(
	const struct program *program, struct strategy *strategy, uint64_t execution);

/* Run a schedule again. */
const struct outcome *search_repeat(
	const struct program *program, const struct schedule *schedule, uint64_t execution);

void search_run(const struct search *search, struct search_result *result);

/*
 * Make the finding's schedule as small as can be done until `deadline_ns`: fewest preemptions, then
 * fewest faults, then fewest steps. The failure stays of its kind. Returns false if the schedule,
 * as it was found, did not fail again: the program depends on more than its schedule.
 */
bool search_shrink(const struct search *search, struct finding *finding, uint64_t deadline_ns);

#endif
