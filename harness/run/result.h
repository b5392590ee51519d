/*
 * result.h - what became of one case: gathered from a child's events, whatever its engine.
 */
#ifndef SNARL_RUN_RESULT_H
#define SNARL_RUN_RESULT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "plan.h"

enum outcome_word {
	OUTCOME_CAUGHT,
	OUTCOME_CLEAN,
	OUTCOME_BLIND,
	OUTCOME_MISSED,
	OUTCOME_FALSE_ALARM,
	OUTCOME_SKIPPED,
};

struct result {
	struct plan plan;
	unsigned verdict;  /* one kind, or SNARL_NO_BUG */
	unsigned expected; /* kinds that the engine was expected to see */
	enum outcome_word outcome;
	bool failed_to_run; /* with a message; not the scenario's fault */
	char *message;	    /* a sentence; "" when clean */
	unsigned oracle;    /* the oracle's witness: kinds of all failing outcomes */
	uint64_t executions, failures;
	int64_t first_failure_execution; /* -1: none, or not known */
	double seconds;
	char token[PLAN_TOKEN_MAX]; /* reproduces the settings; "" when clean */

	/* As the events told them, symbolised. Arrays of objects; see events below. */
	json_t *outcomes; /* {"label","kinds","message","count"} */
	json_t *races;	  /* {"description","accesses":[{"actor","write","atomic","size","variable",
			     "stack":[{"function","file","line","column"}]}],
			     "locks":[{"variable","stack"}],"stacks":[...]} */
	json_t *injections; /* {"rule","count"} */
	json_t *observed;   /* {"name","value"}: the state at the failure, members to show */
	char *arm;	    /* the engine's settings that caught it, in words; NULL: none */
	char *output;	    /* the end of what the child printed; "" mostly */
};

/* "caught", ..., "FALSE ALARM". */
const char *outcome_name(enum outcome_word outcome);

/* The contract's one-line object for --json; a new reference. */
json_t *result_json(const struct result *result);

void result_free(struct result *result);

#endif
