/*
 * batch.h - persistent actors that run batches of states: what stress and tsan have in common.
 *
 * Every actor is a thread that lives as long as the case. A batch is an array of states; all actors
 * walk it in the same shuffled order and meet at a start line every few executions. Between
 * batches the actors themselves check the states and set up the next ones, each its partition.
 *
 * The start line is made of relaxed accesses to lines of the harness's own: it brings the actors
 * together in time and orders nothing that they do to a state.
 */
#ifndef SNARL_NATIVE_BATCH_H
#define SNARL_NATIVE_BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "oracle.h"
#include "plan.h"

/* One way to run a batch. Engines keep tables of these; see the comment at each. */
struct arm {
	const char *name;
	uint32_t line_every; /* executions between two start lines */
	uint32_t states_max; /* in a batch */
	uint32_t shift_max;  /* longest head start of one actor at a line, in spins */
	bool padded;	     /* every state on cache lines of its own */
	bool shuffled;	     /* visit states in random order: each is then cold in its turn */
	bool pinned;	     /* one CPU an actor, where there are enough */
	/*
	 * A rehearsal, made once and first: the actors one after the other, in their order and in
	 * the opposite one. Each waits until the one before it has come to its end, or for so long.
	 */
	uint32_t turn_us;
};

struct batch_config {
	const struct plan *plan;
	const struct arm *arms;
	unsigned arm_count;
	/* Actors that are to be processes are forked; else they only pass for them. */
	bool forks;
	/* Tell a detector that what happened before a barrier between batches happens before what
	 * is after it.
	 */
	void (*publish)(void *barrier);
	void (*receive)(void *barrier);
	/* Keep a detector from watching what the main thread reads of the actors' counts. */
	void (*look)(bool begin);
	/* Called after each batch, while no actor runs. */
	bool (*enough)(uint64_t failures);
	/* Called now and then by the main thread, to tell what may not wait: a hang may follow. */
	void (*tell)(void);
};

struct batch_result {
	struct histogram histogram;
	unsigned arm;	      /* that made the first failure, or the most of them */
	uint64_t batch_first; /* number of the first execution of the batch that failed first */
	void *failed_state; /* copy of the first failing state of that batch; NULL without a failure
			     */
	double seconds;
};

/*
 * Run until the plan's budget or executions are spent or `enough` says so. Writes progress events.
 * Returns the actors in `actors`, which the caller reads their counts from; they live on.
 */
void batch_run(const struct batch_config *config, struct batch_result *result,
	struct snarl_actor *actors[SNARL_ACTORS_MAX]);

/* Write what batches found: outcomes, the first failure, injections, the end. */
void batch_emit(const struct batch_config *config, const struct batch_result *result,
	struct snarl_actor *const *actors);

/* Whether `address` lies in a state of the running batch, and how many bytes into it. */
bool batch_locate(uintptr_t address, size_t *offset);

/* Number of actors of the linked scenario. */
unsigned batch_actor_count(void);

#endif
