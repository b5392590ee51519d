/*
 * reads_from.h - what executions have shown of who reads from whom: the feedback of a search.
 *
 * An event is an instruction at a word of memory or at an object, by whichever actor: equal actors
 * share their events, so that a search does not grow with their number. A pair is a write, or the
 * initial value, and an event that finds it there, to read or to overwrite it. Calls on objects
 * count as writes.
 */
#ifndef SNARL_EXPLORE_READS_FROM_H
#define SNARL_EXPLORE_READS_FROM_H

#include <stdbool.h>
#include <stdint.h>

#include "scheduler.h"

enum {
	EVENT_BITS = 11,
	EVENTS_MAX = 1 << (EVENT_BITS - 1), /* those beyond are not seen */
	PAIR_BITS = 12,
	PAIRS_MAX = 1 << (PAIR_BITS - 1),
	WORD_BITS = 10, /* words whose last write is known; others seem unwritten */
	INITIAL = 0,	/* the event that gave every word its initial value; also: no event */
};

struct event {
	uint64_t key;
	uintptr_t word;
	bool writes;
	uint16_t next; /* event of the same word: a ring */
};

struct reads_from {
	unsigned event_count, pair_count;
	struct event events[EVENTS_MAX]; /* the first is INITIAL */
	uint16_t by_key[1 << EVENT_BITS], by_word[1 << EVENT_BITS];
	struct {
		uint32_t pair, execution; /* the last that had it */
	} pairs[1 << PAIR_BITS];
	/* Of this execution. */
	uint32_t execution;
	uint32_t set; /* hash of all its pairs */
	bool novel;   /* some pair is new */
	const void *last_pc[ACTORS_MAX];
	struct {
		uintptr_t word;
		uint32_t execution;
		uint16_t write; /* the last */
	} written[1 << WORD_BITS];
};

/* Begin an execution. The log was zeroed before the first one. */
void reads_from_begin(struct reads_from *log);

/* The event of an actor's step at a location; INITIAL: at none, or there are too many. */
uint16_t reads_from_event(
	struct reads_from *log, const struct actor *actor, const void *location, const void *pc);

/* Add a step; returns its event. */
uint16_t reads_from_step(struct reads_from *log, const struct step_made *step);

/* Whether some execution had the pair. */
bool reads_from_seen(const struct reads_from *log, uint16_t write, uint16_t read);

#endif
