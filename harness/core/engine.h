/* engine.h - what a case's child links exactly one of. */
#ifndef SNARL_CORE_ENGINE_H
#define SNARL_CORE_ENGINE_H

#include <stdbool.h>

#include "plan.h"

/* Run the plan on the linked scenario and write events; returns when all is told. */
struct engine {
	const char *name;
	void (*run)(const struct plan *plan);
	/*
	 * Optional, for an engine that decides itself: whether a fault of this probability happens
	 * now, and what a point does then: what is wrong with its call, in a word that stays valid,
	 * or, where that is NULL, let the others go first; with `crash` the actor goes no further.
	 * Else each actor draws from its own stream, and time passes.
	 */
	bool (*choose)(double probability);
	void (*act)(const char *point, const char *fault, bool crash, const void *pc);
};

extern const struct engine engine;

#endif
