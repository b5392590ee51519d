/*
 * actor.h - what the harness keeps for one actor.
 *
 * Each actor owns its block, page-aligned, so that no cache line of the harness is shared between
 * actors. What other threads read while it runs (`execution`) is read rarely and without ordering.
 */
#ifndef SNARL_CASE_ACTOR_H
#define SNARL_CASE_ACTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "plan.h"
#include "snarl.h"

/*
 * What one actor put and took in one execution, in memory of its own: puts in entries[0 .. items),
 * takes in entries[items .. 2 * items). The counts continue beyond `items`, so that an overflow
 * shows.
 */
struct ledger_entry {
	snarl_item item;
	int32_t place;
};

struct ledger_log {
	uint32_t puts, takes;
	struct ledger_entry entries[];
};

enum { ACTOR_DEATH_MAX = 96, ACTOR_NAME_MAX = 48 };

struct snarl_actor {
	unsigned index;
	const char *name;
	struct ledger_log *log; /* of the running execution; NULL without a ledger */
	snarl_item sequence;	/* items made in the running execution */

	/* injection: the actor's private stream and counts; reset when `execution` changes */
	uint64_t stream;
	uint64_t stream_execution;
	uint64_t seed;
	uint32_t hits[PLAN_RULES_MAX];	      /* by rule, this execution: points reached */
	uint32_t fired_this_execution;	      /* this execution: bit set of the rules that acted */
	uint64_t fired_total[PLAN_RULES_MAX]; /* by rule, all executions: how often it acted */

	/* For a thread that an actor has created. */
	struct snarl_actor *root; /* the actor; NULL: it is one itself */
	uint64_t lineage;	  /* its creator and which thread of it; 0 for an actor itself */
	char thread_name[ACTOR_NAME_MAX];
	uint32_t created;    /* threads that it has created, */
	uint64_t created_in; /* in this execution */

	/* For a process, in the running execution. */
	const char *crashed_at;	    /* the point where a rule made it crash; NULL: none did */
	char died[ACTOR_DEATH_MAX]; /* how, unless a rule made it crash; "": it did not */
	uint32_t pause_us;	    /* it stopped itself for this long */

	/*
	 * Number of the running execution; the watch reads it. It is the harness's only store per
	 * execution: stores leave a core in order, so each further one would shorten the queue
	 * behind which the actors' own stores to shared lines wait, and so the window of every
	 * race.
	 */
	_Alignas(64) volatile uint64_t execution;
	volatile bool waiting;		       /* at a start line or a barrier; stored only there */
	_Alignas(64) _Atomic uint64_t arrived; /* at the start line; the other actors spin on it */
	_Atomic uint64_t left; /* the line whose execution it has finished, in a rehearsal */
	/* As `fired`, for its threads, which add to it when they end, relaxed. */
	_Alignas(64) _Atomic uint64_t fired_by_threads[PLAN_RULES_MAX];
};

/*
 * Fill in `thread` for a thread that `creator`, an actor or a thread of one, is about to create.
 * Like an actor it gets its own stream, which the seed determines, and its own name: by its start
 * routine in a program ("worker 2"), otherwise by its creator ("alice's thread").
 */
void actor_thread_make(
	struct snarl_actor *thread, struct snarl_actor *creator, const void *routine);

/* An execution begins: threads of the same start routine are numbered from 1 again. */
void actor_threads_renew(void);

/* Its name in the 15 characters that the kernel keeps, with its number: "long_worker_n 2". */
void actor_short_name(const struct snarl_actor *actor, char name[16]);

/* The thread ends: add its counts to those of its actor. */
void actor_thread_over(struct snarl_actor *thread);

/*
 * Threads that can be joined and have not been, of all actors and the set-ups. Whoever creates or
 * joins a thread takes locks of the system's anyway, so that one more shared cache line is nothing.
 */
extern _Atomic long actor_threads_unjoined;

/* Threads that actors have created, and that have not ended. Likewise. */
extern _Atomic long actor_threads_live;

/* The actor whose thread it is, which may be itself. */
static inline struct snarl_actor *actor_root(struct snarl_actor *actor)
{
	return actor->root ? actor->root : actor;
}

/* Note that a signal killed the actor's process. As safe in a signal handler as snprintf is. */
void actor_killed(struct snarl_actor *actor, int number);

/*
 * The actor that runs on this thread, or the structure of a thread that one created; NULL on the
 * harness's own threads.
 */
extern _Thread_local struct snarl_actor *actor_self;

/* What is left of this thread's own structure: destructors of its keys still run. */
extern _Thread_local struct actor_ended {
	char name[ACTOR_NAME_MAX]; /* "": it has none, or has not ended */
	uint64_t execution;
} actor_ended;

#endif
