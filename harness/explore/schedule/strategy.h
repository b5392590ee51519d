/*
 * strategy.h - how decisions are made: the interface between the scheduler and its strategies.
 *
 * A strategy has instances. The state of each depends only on the seeds and on the executions
 * before. A strategy reads the scheduler's state and never writes it.
 */
#ifndef SNARL_EXPLORE_STRATEGY_H
#define SNARL_EXPLORE_STRATEGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "actor_set.h"
#include "schedule.h"

struct actor;
struct reads_from;
struct strategy;

/* Why a strategy is asked. */
enum reason {
	DECIDE_STEP,	/* the actor can continue */
	DECIDE_YIELD,	/* it can, but yields */
	DECIDE_BLOCKED, /* it cannot: blocked, parked, or ended */
	DECIDE_UNFAIR,	/* it can, but exceeded its fairness bound: perhaps it waits for others */
};

/* A scheduling point: which of `choices` runs next? Those in scheduler.timed can only time out. */
struct point {
	const struct actor *current; /* the running actor */
	actor_set choices;
	enum reason reason;
};

enum { QUANTUM_WHOLE = UINT32_MAX /* until it yields or cannot continue */ };

struct decision {
	unsigned actor;
	uint32_t quantum; /* steps before the next decision, which may come sooner */
};

/* Choices between things that are not actors. */
enum choice_kind {
	CHOICE_FAULT, /* 1: the fault happens */
};

/* A step that an actor has made. */
struct step_made {
	const struct actor *actor;
	const void *location; /* an address; NULL: at no location */
	unsigned size;	      /* bytes; 0: a synchronisation object */
	const void *pc;	      /* of the instruction; NULL: a call on a synchronisation object */
	bool writes, atomic;
	bool shared; /* the location is known to be used by several actors */
};

/* What a search has covered: all schedules within these bounds. */
struct coverage {
	int preemptions;    /* all schedules with at most so many; -1: no bound is complete yet */
	uint64_t schedules; /* number of schedules within the bound */
	bool all;	    /* more preemptions would add nothing */
	int faults;	    /* bound on faults, if more would add schedules; -1: no bound was hit */
	bool fair; /* only those in which none exceeds the fairness bound while others can run */
};

struct strategy_config {
	unsigned preemptions_max;
	bool sampled;			 /* auto goes without dfs */
	const struct schedule *schedule; /* to be followed; it must stay where it is */
	struct reads_from *log;		 /* shared with other strategies; NULL: each has its own */
};

/* One file per kind; found by name. */
struct strategy_kind {
	const char *name;
	/* Exact ones may decide at every step, the others only at locations known to be shared. */
	bool exact;
	bool eager;  /* decides before an actor's first step as well; exact ones always do */
	size_t size; /* of an instance's state, which is zeroed before it is opened */
	void (*open)(void *state, const struct strategy_config *config); /* may be NULL */
	void (*close)(void *state);					 /* may be NULL */
	/* Called before each execution; false: no schedule is left. */
	bool (*begin)(void *state, uint64_t seed);
	struct decision (*next)(void *state, const struct point *point);
	/* Chooses a number below `count`. If `count` is 2, 1 has the probability `p`. */
	unsigned (*choice)(void *state, const struct actor *current, enum choice_kind kind,
		unsigned count, double p);
	void (*step)(void *state, const struct step_made *step); /* per step; NULL: not wanted */
	/* Whether it wants the steps of the execution that has begun; NULL: always, if any. */
	bool (*watches)(const void *state);
	void (*end)(void *state); /* after each execution; may be NULL */
	/* False: not known yet. NULL: never known. */
	bool (*coverage)(const void *state, struct coverage *coverage);
	/*
	 * The part that decides the execution that has begun, in place of `next` and `choice`;
	 * NULL: the kind has no parts.
	 */
	const struct strategy *(*part)(const void *state);
};

/* An instance. */
struct strategy {
	const struct strategy_kind *kind;
	void *state;
};

/* A new instance; aborts if there is no memory. */
struct strategy strategy_make(
	const struct strategy_kind *kind, const struct strategy_config *config);

/* Reset the instance to its state after strategy_make. */
void strategy_open(struct strategy *strategy, const struct strategy_config *config);

void strategy_free(struct strategy *strategy);

bool strategy_begin(struct strategy *strategy, uint64_t seed);
void strategy_end(struct strategy *strategy);
bool strategy_coverage(const struct strategy *strategy, struct coverage *coverage);

/* The strategy that decides the execution that has begun: for auto, its part. */
const struct strategy *strategy_deciding(const struct strategy *strategy);

/* Whether it wants the steps of that execution. */
bool strategy_watches(const struct strategy *strategy);

#endif
