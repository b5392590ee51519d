/*
 * oracle.h - what the checks found: one outcome per execution, counted in a histogram.
 *
 * A check runs alone, after the actors of its execution are done. Every worker that checks owns a
 * histogram; the engine merges them at the end.
 */
#ifndef SNARL_CASE_ORACLE_H
#define SNARL_CASE_ORACLE_H

#include <stdbool.h>
#include <stdint.h>

#include "actor.h"

enum {
	OUTCOME_VALUES_MAX = 6,
	OUTCOME_MESSAGE_MAX = 240,
	HISTOGRAM_MAX = 48, /* different outcomes kept apart; later ones are counted together */
};

struct outcome {
	unsigned kinds; /* all that this execution broke */
	unsigned first; /* the kind that the message is about */
	unsigned count; /* of values */
	struct outcome_value {
		const char *name; /* static, compared by address */
		long value;
	} values[OUTCOME_VALUES_MAX];
	const char
		*expect_name; /* of a failed snarl_expect_eq, whose message is still to be made */
	long expect_got, expect_expected;
	char message[OUTCOME_MESSAGE_MAX];
};

struct histogram {
	unsigned used;
	uint64_t executions, failures;
	uint64_t other; /* executions beyond HISTOGRAM_MAX different outcomes */
	uint64_t other_failures;
	unsigned other_kinds; /* of those failures */
	struct histogram_row {
		struct outcome outcome;
		uint64_t count;
		uint64_t first_execution;
	} rows[HISTOGRAM_MAX], first_failure; /* the latter only if there are failures */
};

/* Set between batches: so many threads had ended, or never did, that nobody joined. */
extern long oracle_threads_leaked;

/* Run the scenario's set-up, if it has one, on one state. */
void oracle_set_up(void *state);

/* Run the scenario's check on one state and return what it found; valid until the next call. */
const struct outcome *oracle_check(
	void *state, struct snarl_actor *const *actors, struct ledger_log *const *logs);

/* Make the sentence of a failed snarl_expect_eq, which was left to be made. */
void outcome_complete(struct outcome *outcome);

/* Count an outcome of execution number `execution`. */
void histogram_add(struct histogram *into, const struct outcome *outcome, uint64_t execution);

/* Add all of `from` to `into`. */
void histogram_merge(struct histogram *into, const struct histogram *from);

/* "counter = 4"; "as expected" for a check that names no value. */
const char *outcome_label(const struct outcome *outcome, char *buffer, size_t size);

/* What ledger_check and the verdict functions write to; NULL outside a check. */
extern _Thread_local struct oracle {
	struct outcome outcome;
	struct snarl_actor *const *actors;
	struct ledger_log *const *logs; /* of this execution, by actor */
} * oracle_self;

/*
 * End the case with an error, unless a check is being made. `pc`: the return address of the
 * function's call.
 */
void oracle_needed(const char *function, const void *pc);

/* Add a value to the outcome's label. For oracles; broken invariants go through snarl_fail. */
void oracle_value(const char *name, long value);

#endif
