/* rows.h - a trace as pages and the terminal show it: which steps are drawn, and in which lanes. */
#ifndef SNARL_REPORTS_ROWS_H
#define SNARL_REPORTS_ROWS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum {
	TRACE_DRAWN_MAX = 400, /* steps */
	LANES_MAX = 8,	       /* of actors */
};

/* Steps of a trace, numbered from 0: [from, to). */
struct span {
	size_t from, to;
};

bool span_has(struct span span, size_t step);

/* The steps that are drawn; none if there is no trace. */
struct span trace_drawn(const json_t *trace);

/* Whether an access of this step races with another. */
bool step_races(const json_t *step);

/* The value that a step shows of an observed variable; NULL: it shows none. */
const char *step_value(const json_t *step, const char *name);

/* Actors by lane. */
struct roster {
	const char *actors[LANES_MAX];
	unsigned count;
	bool others; /* the last lane is that of all actors without one */
};

/*
 * The actors that have a lane: those with a step in the trace, in the order of the names in
 * `actors`, then any others. If there are more actors than lanes, only those with a step in
 * `concerned` have one, and of these the first LANES_MAX - 1. Names belong to the arguments.
 */
struct roster roster_of(const json_t *trace, const json_t *actors, const json_t *concerned);

/* The lane of an actor. */
unsigned roster_lane(const struct roster *roster, const char *actor);

/* Whether the actor shares its lane, so that its steps have to name it. */
bool roster_shared(const struct roster *roster, const char *actor);

#endif
