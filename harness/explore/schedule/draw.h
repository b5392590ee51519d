/* draw.h - what strategies draw from the execution's stream of random numbers. */
#ifndef SNARL_EXPLORE_DRAW_H
#define SNARL_EXPLORE_DRAW_H

#include <stdbool.h>
#include <stdint.h>

#include "scheduler.h"

unsigned draw_of(uint32_t choices);

/* An actor of the set; all are equally likely. */
static inline unsigned draw(uint32_t choices)
{
	return choices & (choices - 1) ? draw_of(choices) : (unsigned)__builtin_ctz(choices);
}

/* A fault of this probability, drawn from the execution's stream. */
bool draw_chance(struct actor *current, double probability);

uint32_t draw_patience(uint32_t choices);

/*
 * Those who only wait for a time to end take part now and then: else most waits would end by it.
 * Returns the choices without them for the rest of the time, where others are left.
 */
static inline uint32_t draw_patient(uint32_t choices)
{
	return scheduler.timed ? draw_patience(choices) : choices;
}

#endif
