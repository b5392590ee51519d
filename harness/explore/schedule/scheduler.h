/*
 * scheduler.h - one execution: its actors, which of them runs, and how it ends.
 *
 * Actors run one at a time, as fibers on one thread. Before each access to shared memory and each
 * synchronisation, an actor makes a step. Another actor can run next only at a step, or when the
 * actor yields, blocks or ends: these are the scheduling points, where a strategy decides. An
 * execution's schedule lists its decisions that differ from the default (an actor runs while it
 * can; then the next actor in turn), so that they can be replayed.
 */
#ifndef SNARL_EXPLORE_SCHEDULER_H
#define SNARL_EXPLORE_SCHEDULER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "actor_set.h"
#include "vector_clock.h"
#include "fiber.h"
#include "machine.h"
#include "schedule.h"
#include "strategy.h"

enum {
	ACTORS_MAX = CLOCK_ACTORS, /* of an execution, including the threads that they create */
	FRAMES_MAX = 64,	   /* kept of an actor's stack; deeper ones are only counted */
	SPIN_READS_MAX = 8,	   /* kept of a busy-wait loop */
	SPIN_STACK_MAX = 4096,	   /* bytes of stack compared between two iterations */
	FAILURE_MESSAGE_MAX = 512,
	DISTANT_S = 60 * 60,	 /* a later deadline is a far timer, see scheduler.distant */
	STEPS_MAX = 1000 * 1000, /* of an execution; more is a livelock, or too long: scheduler.c */
	STEPS_FAR = 30 * STEPS_MAX,
	STEPS_LONGER = 100, /* times as many as any execution that ended: this one does not end */
	OUTSIDE_STEPS = 64, /* since its last call outside the model an actor still works */
	FAIR_STEPS = 4000,  /* in a row: the fairness bound, see DECIDE_UNFAIR */
	NOBODY = -1,
	HOST_OWNER = -2, /* holder of locks that the set-up took */
};

_Static_assert((int)ACTORS_MAX <= (int)SCHEDULE_ACTORS_MAX, "a schedule may name every actor");

/* Scheduling state of an actor. */
enum actor_state {
	ACTOR_ABSENT, /* not created yet */
	ACTOR_READY,
	ACTOR_BLOCKED, /* until another actor wakes it */
	ACTOR_TIMED,   /* the same, but it may also time out */
	ACTOR_PARKED,  /* in a busy-wait loop, until a location that it reads there is written */
	ACTOR_OVER,
};

struct location;
struct object;

/*
 * A busy-wait loop being detected, see spin.c. An actor that returns to the same instruction with
 * the same stack, has written nothing, and finds unchanged all that it has read, is in the state
 * that it was in before: it repeats the loop until another actor writes.
 */
struct spin {
	uint32_t reads; /* since the actor's last write */
	uint32_t checkpoint_at;
	uintptr_t pc; /* of the read at the checkpoint */
	struct location *location;
	uintptr_t sp;
	unsigned count;
	bool overflow; /* more reads or more stack than are kept */
	struct {
		struct location *location;
		uintptr_t address;
		unsigned size;
		uint64_t value;
	} read[SPIN_READS_MAX];
	uintptr_t registers[MACHINE_SAVED_MAX];
	size_t stack_bytes;
	unsigned char stack[SPIN_STACK_MAX];
};

struct actor {
	/* Used by every step and switch, in two cache lines. */
	_Alignas(64) uint32_t count; /* its own time: steps and decisions so far */
	uint32_t decide_at;	     /* ask the scheduler when `count` reaches it */
	unsigned index;
	unsigned depth;	  /* of its call stack */
	unsigned process; /* the emulated process that it is, or belongs to */
	enum actor_state state;
	uint32_t turn_began; /* its count at the last decision */
	uint32_t run_began;  /* its count at its last switch or DECIDE_UNFAIR */
	uint32_t outside_at; /* its count at its last call that does something outside the model */
	uint64_t ran_at;  /* steps of the execution when it last passed the turn; 0: it has not */
	bool fresh;	  /* it has made no step yet */
	bool next_writes; /* whether its next step writes, for strategies that look ahead */
	const void *next_location, *next_pc;
	struct fiber fiber;
	struct vector_clock now; /* mostly its first block */
	struct spin spin; /* its first members; the rest is used only in a suspected busy-wait */

	struct vector_clock fence_acquired; /* read by its relaxed loads, for a fence to acquire */
	struct vector_clock fence_released; /* released by its relaxed stores since a fence */
	const void *frames[FRAMES_MAX];	    /* return addresses, outermost first */

	unsigned held;	      /* locks */
	unsigned spin_budget; /* spin budget: retries left when no actor is ready */

	/* What it waits for. */
	struct object *waits_for;
	const void *waits_at; /* the call's return address */
	const char *call;     /* what it is blocked in */
	const void *end;      /* the variable in which its call found a channel; NULL: not known */
	struct keepers {
		actor_set alone, sharing;
	} kept_by;	      /* from a lock of a file: its holders, by how they hold it */
	int waits_for_actor;  /* that it joins; NOBODY otherwise */
	bool timed_out;	      /* its last timed wait ended by timeout */
	uint64_t deadline_ns; /* of a timed wait, in virtual time; 0: already past */

	/* The lock that it failed to take without waiting, last. */
	struct {
		const void *address; /* NULL: none */
		const void *pc;
		const char *call;
		uint32_t times, last; /* without another in between; its count at the last */
	} tries;

	void (*live)(struct actor *self);
	const char *name;
	/* As a thread. */
	void (*run)(void *argument);
	void *argument;
	void *result;
	bool died; /* an emulated process that a rule made crash */
	bool detached, joined;
	struct vector_clock ended; /* its clock when it ended, for the actor that joins it */
	actor_set joiners;
};

/* Cost of an execution's schedule. Shrinking reduces preemptions first, see shrink.c. */
struct shape {
	unsigned preemptions, faults, switches;
	uint64_t steps;
};

/* A failure while actors ran. */
struct scheduler_failure {
	unsigned kind;		 /* 0: nothing */
	int actor;		 /* NOBODY: no single one */
	const void *pc;		 /* where it happened; NULL: at no single place */
	int signal;		 /* of a crash */
	bool crashed_in_library; /* it crashed in code outside the program: a library's */
	char message[FAILURE_MESSAGE_MAX];
};

/* Callbacks that see an execution as it runs. */
struct observer {
	void (*turn)(const struct actor *from, const struct actor *to, enum reason reason);
	void (*failure)(const struct scheduler_failure *failure);
};

extern struct scheduler {
	struct actor *running; /* NULL: no actor runs */
	actor_set ready, parked;
	actor_set timed;      /* waiting with a timeout that may occur at any moment */
	actor_set far_timers; /* far timers: expire only when no actor is ready or timed */
	uint32_t execution;   /* of this process, replays included; data of another is void */
	unsigned actor_count;
	const struct strategy *strategy; /* that decides */
	const struct strategy *watcher;	 /* that wants each step; NULL: none */
	/*
	 * Changes when more steps become scheduling points: earlier executions had no decision
	 * there.
	 */
	uint32_t space;
	const struct observer *tracing; /* NULL: not traced */
	bool watched;			/* by the observer or a strategy */
	bool races_wanted;
	bool aborted;  /* not all actors ended */
	bool stuck;    /* because no actor could run, or too many steps were made */
	bool endless;  /* too many steps were made */
	bool deserted; /* a detached thread was still running at the end */

	bool may_be_long;     /* nothing says that there are executions that do not end */
	uint64_t ended_steps; /* of the longest execution that ended; 0: none did */
	uint64_t steps;	      /* before the running actor's turn_began */
	unsigned switches, preemptions, faults;
	unsigned racing; /* accesses that raced */
	uint64_t now_ns; /* virtual time */
	struct scheduler_failure failure;
	struct schedule schedule; /* of this execution, so far */

	struct actor actors[ACTORS_MAX];
	struct fiber host; /* runs between executions */
	uintptr_t state;   /* shared by the actors */
	size_t state_size;
} scheduler;

/* Prepare executions that start with up to `actor_count` actors. Returns 0 or a negative errno. */
int scheduler_open(unsigned actor_count, void *state, size_t state_size);

/* Begin an execution under `strategy`, which has begun. No actor exists yet. */
void scheduler_begin(struct strategy *strategy);

/*
 * Add an actor that will call `live`, which ends with scheduler_over. Returns NULL if there are too
 * many actors, or no fiber can be made.
 */
struct actor *scheduler_add(const char *name, void (*live)(struct actor *self));

/* Run all actors until they have ended or the execution is aborted. */
void scheduler_run(void);

/* The schedule cost of the last execution. */
struct shape scheduler_shape(void);

/* Steps of the execution so far. */
uint64_t scheduler_steps(void);

/* --- for hooks and models ------------------------------------------------------------------ */

/*
 * Decide at a step, if the location is shared, the strategy is exact, or the actor has exceeded its
 * fairness bound. Returns when the actor runs again.
 */
void scheduler_decide(
	struct actor *self, bool shared, const void *location, const void *pc, bool writes);

/* A step at a synchronisation object, which always counts as shared. */
void scheduler_step(struct actor *self, const void *location);

/* Report a step to the strategy, if it asks for steps. */
void scheduler_made(const struct step_made *step);

/* Yield: offer the turn to the other actors. */
void scheduler_yield(struct actor *self);

/*
 * Block on `object`, in the call that returns to `pc`, until scheduler_wake. If `timed`, the wait
 * may also time out, and does so at once if the deadline is already past. Returns false after a
 * timeout.
 */
bool scheduler_block(
	struct actor *self, struct object *object, const char *call, const void *pc, bool timed);

void scheduler_wake(actor_set actors);

/* A location that these actors watch was written: those of them that are parked become ready. */
void scheduler_unpark(actor_set watchers);

/* Park an actor in its busy-wait loop, of which it already watches the locations. */
void scheduler_park(struct actor *self);

/* Choose one of these actors, by the strategy. The caller continues to run. */
unsigned scheduler_pick(struct actor *self, actor_set choices);

/* Whether a fault of this probability happens here. */
bool scheduler_choose(struct actor *self, double probability);

/* Whether all others have ended. */
bool scheduler_alone(const struct actor *self);

/*
 * A step before the actor's end, if the execution then ends although others could continue: the
 * detached ones after the last actor, and with `program` all threads. Only here is it seen what
 * they would have done earlier.
 */
void scheduler_last_step(struct actor *self, bool program);

/* End the actor. Called by threads.c, which knows what the actor leaves behind. */
void scheduler_over(struct actor *self) __attribute__((noreturn));

/* End the execution without a failure, though other actors could continue. */
void scheduler_leave(struct actor *self) __attribute__((noreturn));

/* Record a failure and end the execution. On the host, only record it. */
void scheduler_fail(unsigned kind, const void *pc, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Record a failure and continue. The first one recorded is kept, unless one ends the execution. */
void scheduler_note(unsigned kind, const void *pc, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* From a signal handler: record the running actor's failure. The caller then leaves the actor. */
void scheduler_broken(unsigned kind, int signal, const void *pc, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The default: at a step, the actor continues; otherwise the next actor in turn, timeouts last. */
unsigned scheduler_default(const struct point *point);

#endif
