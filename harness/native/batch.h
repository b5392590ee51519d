/*
 * batch.h - persistent actors that run batches of states: what stress and tsan have in common.
 *
 * Every actor is a thread that lives as long as the case. A batch is an array of states; all actors
 * walk it in the same shuffled order and meet at a start line every few executions. Between
 * batches the actors themselves check the states and set up the next ones, each its partition.
 *
 * The start line consists of relaxed accesses to the harness's own cache lines: it brings the
 * actors together in time and orders nothing that they do to a state.
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
	bool shuffled;	     /* visit states in random order, so that each is cold */
	bool pinned;	     /* one CPU per actor, if there are enough */
	/*
	 * A rehearsal, which runs once and first: the actors run one after the other, in their
	 * order and in the opposite one. Each waits until the one before it has finished, or for
	 * this long.
	 */
	uint32_t turn_us;
};

struct batch_config {
	const struct plan *plan;
	const struct arm *arms;
	unsigned arm_count;
	/* Actors that are to be processes are forked; otherwise they are emulated processes. */
	bool forks;
	/*
	 * Announce to a detector that what happened before a barrier between batches happens before
	 * what is after it.
	 */
	void (*publish)(void *barrier);
	void (*receive)(void *barrier);
	/*
	 * Optional: whether a detector may know something about the memory of the last batch that
	 * is wrong for the next.
	 */
	bool (*renews)(void);
	/*
	 * Optional: keep a detector from checking the calling thread's reads, which are the main
	 * thread's of the actors' counts, or those of the check.
	 */
	void (*look)(bool begin);
	/* Called after each batch, while no actor runs. */
	bool (*enough)(uint64_t failures);
	/* Called now and then by the main thread, to write what may not wait: a hang may follow. */
	void (*tell)(void);
};

struct batch_result {
	struct histogram histogram;
	unsigned arm;	      /* of the batch that failed first */
	uint64_t batch_first; /* number of the first execution of the batch that failed first */
	void *failed_state;   /* copy of that batch's first failing state; NULL without a failure */
	double seconds;
};

/*
 * Run until the plan's budget or executions are spent or `enough` says so. Writes progress events.
 * Returns the actors in `actors`, from which the caller reads their counts; they are not freed.
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
