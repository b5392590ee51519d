/* draw.h - what strategies draw from their stream of random numbers. */
#ifndef SNARL_EXPLORE_DRAW_H
#define SNARL_EXPLORE_DRAW_H

#include <stdbool.h>
#include <stdint.h>

#include "scheduler.h"

unsigned draw_of(uint64_t *random, actor_set choices);

/* An actor of the set; all are equally likely. */
static inline unsigned draw(uint64_t *random, actor_set choices)
{
	return choices & (choices - 1) ? draw_of(random, choices) : (unsigned)actor_first(choices);
}

/* One of two choices, of which 1 has the probability `p`. */
unsigned draw_chance(uint64_t *random, double p);

/* A strategy's `choice`, for one whose state begins with its stream. */
unsigned draw_choice(
	void *state, const struct actor *current, enum choice_kind kind, unsigned count, double p);

actor_set draw_patience(uint64_t *random, actor_set choices);

/*
 * Those who only wait for a time to end take part now and then: else most waits would end by it.
 * Returns the choices without them for the rest of the time, where others are left.
 */
static inline actor_set draw_patient(uint64_t *random, actor_set choices)
{
	return scheduler.timed ? draw_patience(random, choices) : choices;
}

#endif
