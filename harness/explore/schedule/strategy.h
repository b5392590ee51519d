/*
 * strategy.h - how decisions are made: the interface between the scheduler and those who choose.
 *
 * A strategy has instances, each with a state of its own, which depends on nothing but the seeds
 * and the executions before. It looks at the scheduler, and writes nothing there.
 */
#ifndef SNARL_EXPLORE_STRATEGY_H
#define SNARL_EXPLORE_STRATEGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "actor_set.h"
#include "schedule.h"

struct actor;

/* Why it is asked. */
enum reason {
	DECIDE_STEP,	/* the actor could go on */
	DECIDE_YIELD,	/* it could, but offers its turn */
	DECIDE_BLOCKED, /* it cannot: blocked, parked, at its end */
	DECIDE_UNFAIR,	/* it could, but has gone on for long: perhaps it waits for others */
};

/* A scheduling point: whose turn is it, of `choices`? Those in scheduler.timed only time out. */
struct point {
	const struct actor *current; /* who has the turn */
	actor_set choices;
	enum reason reason;
};

enum { QUANTUM_WHOLE = UINT32_MAX /* until it offers its turn, or cannot go on */ };

struct decision {
	unsigned actor;
	uint32_t quantum; /* steps that it makes before the next decision; it may come sooner */
};

/* Choices that are no actors. */
enum choice_kind {
	CHOICE_FAULT, /* 1: it happens */
};

/* A step that an actor has made. */
struct step_made {
	const struct actor *actor;
	const void *location; /* an address; NULL: at no location */
	unsigned size;	      /* bytes; 0: a synchronisation object */
	bool writes, atomic;
};

/* What was seen of all that there is: all schedules within these bounds. */
struct coverage {
	int preemptions;    /* at most so many; -1: no bound was seen through yet */
	uint64_t schedules; /* how many they were */
	bool all;	    /* more preemptions would add nothing */
	int faults; /* at most so many, where more would add something; -1: they would not */
	bool fair;  /* only those in which nobody goes on for very long while others could */
};

struct strategy_config {
	unsigned preemptions_max;
	const struct schedule *schedule; /* to be followed; it must stay where it is */
};

/* One file each; found by name. */
struct strategy_kind {
	const char *name;
	/* Exact ones may decide at every step, the others at locations known to be shared. */
	bool exact;
	size_t size; /* of an instance's state, which is zeroed before it is opened */
	void (*open)(void *state, const struct strategy_config *config); /* may be NULL */
	void (*close)(void *state);					 /* may be NULL */
	/* Before each execution; false: there is nothing left to see. */
	bool (*begin)(void *state, uint64_t seed);
	struct decision (*next)(void *state, const struct point *point);
	/* One of `count` choices, from 0; of two, 1 has the probability `p`. */
	unsigned (*choice)(void *state, const struct actor *current, enum choice_kind kind,
		unsigned count, double p);
	void (*step)(void *state, const struct step_made *step); /* NULL: not wanted */
	void (*end)(void *state);				 /* after each; may be NULL */
	/* False: it cannot say. NULL: it never can. */
	bool (*coverage)(const void *state, struct coverage *coverage);
	/* Its part that chose the last execution; NULL: it has none. */
	const char *(*part)(const void *state);
};

/* An instance. */
struct strategy {
	const struct strategy_kind *kind;
	void *state;
};

/* A new instance; aborts without memory. */
struct strategy strategy_make(
	const struct strategy_kind *kind, const struct strategy_config *config);

/* The instance begins anew, as if it were just made. */
void strategy_open(struct strategy *strategy, const struct strategy_config *config);

void strategy_free(struct strategy *strategy);

bool strategy_begin(struct strategy *strategy, uint64_t seed);
void strategy_end(struct strategy *strategy);
bool strategy_coverage(const struct strategy *strategy, struct coverage *coverage);

/* What chose the last execution is called: of auto, its part. */
const char *strategy_name(const struct strategy *strategy);

#endif
