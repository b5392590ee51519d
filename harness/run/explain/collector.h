/*
 * collector.h - turns a child's events into a result.
 *
 * Any bytes are accepted. Those without the key are counted, because the scenario has written to
 * our descriptor. An event that differs from harness/protocol/events makes a case that cannot run.
 */
#ifndef SNARL_RUN_COLLECTOR_H
#define SNARL_RUN_COLLECTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "catalog.h"
#include "event.h"
#include "result.h"

struct collector {
	const struct subject *subject;
	struct result result; /* of the events so far; not judged */
	bool ended;	      /* the child sent its last event */
	bool crashed;	      /* it reported how it died */
	bool counted;	      /* its counts came since its actors last moved */
	bool listens;	      /* it already accepts commands from fiu-ctrl */
	unsigned patience_ms; /* that it asked for, since it detects its own hangs */
	json_t *at;	    /* by actor: number of the execution it is in; NULL: no sign of life */
	json_t *waiting;    /* by actor: whether it is done with that execution */
	json_t *phase;	    /* "set-up" or "check", if one runs between executions; NULL: unknown */
	json_t *stuck;	    /* the event of waits.h; NULL: nothing got stuck */
	json_t *state;	    /* the failing state's bytes in hex; NULL: none */
	json_t *misused_at; /* the stack of a misuse; NULL or empty: it is in the declaration */
	char key[EVENT_KEY_MAX], prefix[EVENT_PREFIX_MAX]; /* of its events */
	uint64_t foreign_bytes;				   /* that were no events */
	size_t kept, counted_bytes; /* bytes of the events kept, and of those a snapshot replaces */
	char *buffer;		    /* of a line that is not complete yet */
	size_t used, searched, capacity; /* searched: bytes known to hold no end of a line */
};

/* The phase in words; "": actors run. */
const char *collector_phase(const struct collector *collector);

/* Every event must carry the key; "": there is none. */
void collector_begin(struct collector *collector, const struct subject *subject,
	const struct plan *plan, const char *key);

/* A buffer to read into, of `*size` bytes. */
char *collector_space(struct collector *collector, size_t *size);
/*
 * Take the `count` bytes that were read: complete lines are handled at once. Returns how many of
 * those are signs of life.
 */
unsigned collector_took(struct collector *collector, size_t count);

/* The executions that all actors have reached. */
uint64_t collector_executions(const struct collector *collector);

/* Set the result's message, which is freed with it. */
void collector_say(struct collector *collector, char *message);

/* Put names in place of addresses, from the program's debug information. */
void collector_symbolise(struct collector *collector, const struct catalog *catalog);

/* Free all but the result, which the caller has taken. */
void collector_end(struct collector *collector);

#endif
