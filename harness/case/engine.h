/* engine.h - the engine, of which a case's child links exactly one. */
#ifndef SNARL_CASE_ENGINE_H
#define SNARL_CASE_ENGINE_H

#include <stdbool.h>

#include "plan.h"

/* Run the plan on the linked scenario and write events; returns when all is written. */
struct engine {
	const char *name;
	/* How reliable its findings are, in the words of the event "engine". */
	const char *replays, *witness, *order, *memory_model;
	bool shares_cores;
	/*
	 * Optional: the names of the strategies that it searches with, by number; NULL after the
	 * last.
	 */
	const char *(*strategy)(unsigned number);
	void (*run)(const struct plan *plan);
	/*
	 * Optional: whether there are findings that the main thread has yet to write. After a crash
	 * it gets a moment for that.
	 */
	bool (*unwritten)(void);
	/*
	 * Optional hooks for an engine that controls scheduling. choose() decides whether a fault
	 * fires. act() applies it: `fault` names the fault (static string), or is NULL for a pure
	 * delay, which becomes a scheduling point; with `crash` the actor does not return. Without
	 * them each actor draws from its own stream, and delays take real time.
	 */
	bool (*choose)(double probability);
	void (*act)(const char *point, const char *fault, bool crash, const void *pc);
	/* End the execution of a program with this status: see program.h. Does not return. */
	void (*leave)(int status);
	/* Optional: an actor, set-up or check is at a point of the scenario's. */
	void (*reached)(void);
};

extern const struct engine engine;

#endif
