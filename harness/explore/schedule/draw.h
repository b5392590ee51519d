/* draw.h - what strategies draw from their stream of random numbers. */
#ifndef SNARL_EXPLORE_DRAW_H
#define SNARL_EXPLORE_DRAW_H

#include <stdbool.h>
#include <stdint.h>

#include "scheduler.h"

unsigned draw_of(uint64_t *random, actor_set choices);

/* Draw an actor of the set; all are equally likely. */
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
 * Actors that can only time out are candidates only now and then: otherwise most waits would time
 * out. Returns the choices, most of the time without such actors if others are left.
 */
static inline actor_set draw_patient(uint64_t *random, actor_set choices)
{
	return scheduler.timed ? draw_patience(random, choices) : choices;
}

#endif
