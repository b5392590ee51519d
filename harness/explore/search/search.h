/*
 * search.h - runs executions one after another, until something is found or the time is up.
 *
 * A search runs a program: anything that can begin and be judged. snarl's scenarios are one kind
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
	/* Reset all state, and add the actors to the scheduler. */
	void (*begin)(uint64_t execution);
	/* Called when all actors have ended. Returns the outcome, valid until the next call. */
	const struct outcome *(*end)(void);
	/* Called now and then: a sign of life. Returns true to stop. */
	bool (*pause)(uint64_t executions);
};

struct finding {
	bool any;
	struct outcome outcome;	 /* kinds is 0: only a race was seen */
	bool crashed_in_library; /* it crashed in code outside the program (a library): do not
				    repeat it */
	uint64_t race; /* key of the location that raced, if only a race was found; otherwise 0 */
	uint64_t execution;
	const char *strategy;
	struct shape found, shape; /* cost when found, and cost now */
	struct schedule schedule;
};

struct search {
	const struct program *program;
	struct strategy *strategy;	  /* opened */
	uint64_t seed, first, executions; /* executions: 0 for no limit */
	uint64_t budget_ns;
	struct effort effort; /* after which the search ends if nothing was found */
	bool keep_going, races_wanted;
	bool first_only; /* stop at the first failing outcome */
};

struct search_result {
	struct histogram histogram;
	struct finding finding;
	uint64_t steps, racing; /* of all executions */
	double seconds;
	bool exhausted; /* the strategy had no schedules left */
};

/* Prepare executions that start with up to `actor_count` actors. Returns 0 or a negative errno. */
int search_open(unsigned actor_count, void *state, size_t state_size);

/* After the last execution: remove what it has left in the system. */
void search_close(void);

/*
 * Run one execution under a strategy that has begun. Returns its outcome, valid until the next
 * execution.
 */
const struct outcome *search_execute(
	const struct program *program, struct strategy *strategy, uint64_t execution);

/* Replay a schedule. */
const struct outcome *search_repeat(
	const struct program *program, const struct schedule *schedule, uint64_t execution);

void search_run(const struct search *search, struct search_result *result);

/*
 * Reduce the cost of the finding's schedule until `deadline_ns`: preemptions first, then faults,
 * then steps. The kind of failure stays the same. Returns false if the schedule, as it was found,
 * did not fail again: the program depends on more than its schedule.
 */
bool search_shrink(const struct search *search, struct finding *finding, uint64_t deadline_ns);

#endif
