/* engine.h - what a case's child links exactly one of. */
#ifndef SNARL_CORE_ENGINE_H
#define SNARL_CORE_ENGINE_H

#include "plan.h"

/* Run the plan on the linked scenario and write events; returns when all is told. */
struct engine {
	const char *name;
	void (*run)(const struct plan *plan);
};

extern const struct engine engine;

#endif
