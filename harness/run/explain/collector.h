/*
 * collector.h - a child's events into a result.
 *
 * Whatever bytes come are taken: what is no event is passed over, and an event whose fields are
 * missing counts for nothing. A scenario may well have written to our descriptor.
 */
#ifndef SNARL_RUN_COLLECTOR_H
#define SNARL_RUN_COLLECTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "catalog.h"
#include "result.h"

struct collector {
	const struct subject *subject;
	struct result result; /* what the events have told so far; not judged */
	bool ended;	      /* the child told its end */
	bool crashed;	      /* it said how it died */
	bool counted;	      /* its counts came since its actors last moved */
	bool listens;	      /* it takes commands from fiu-ctrl by now */
	unsigned patience_ms; /* that it asked for: it notices its own hangs */
	json_t *at;	 /* by actor: number of the execution it is in; NULL: no sign of life */
	json_t *waiting; /* by actor: whether it is done with that execution */
	json_t *stuck;	 /* who waited for what, see waits.h; NULL: nobody did for ever */
	json_t *state;	 /* the failing state's bytes in hex; NULL: none */
	char *buffer;	 /* of a line that is not complete yet */
	size_t used, room;
};

void collector_begin(
	struct collector *collector, const struct subject *subject, const struct plan *plan);

/* Room to read into, and how much of it was used: complete lines are taken at once. */
char *collector_room(struct collector *collector, size_t *size);
/* Returns how many of them are signs of life. */
unsigned collector_took(struct collector *collector, size_t count);

/* Executions that all actors have come to. */
uint64_t collector_executions(const struct collector *collector);

/* Set the result's message, which is freed with it. */
void collector_say(struct collector *collector, char *message);

/* Put names in place of addresses, from the program's debug information. */
void collector_symbolise(struct collector *collector, const struct catalog *catalog);

/* Free all but the result, which the caller has taken. */
void collector_end(struct collector *collector);

#endif
