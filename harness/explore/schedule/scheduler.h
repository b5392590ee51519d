/*
 * scheduler.h - one execution: its actors, whose turn it is, and what becomes of it.
 *
 * Actors run one at a time, as fibers on one thread. Before each access to shared memory and each
 * synchronisation, an actor makes a step: there, and only there, the turn may pass to another. Who
 * gets it is a strategy's decision. What an execution did differently from the default (go on while
 * you can; then the next actor in turn) is its schedule, which makes it happen again.
 */
#ifndef SNARL_EXPLORE_SCHEDULER_H
#define SNARL_EXPLORE_SCHEDULER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "actor_set.h"
#include "vector_clock.h"
#include "fiber.h"
#include "schedule.h"
#include "strategy.h"

enum {
	ACTORS_MAX = CLOCK_ACTORS, /* of an execution, with the threads that they create */
	FRAMES_MAX = 64,	   /* of an actor's stack that are kept; deeper ones are counted */
	SPIN_READS_MAX = 8,	   /* of a waiting loop */
	SPIN_STACK_MAX = 4096,	   /* bytes of stack compared between two laps of one */
	FAILURE_MESSAGE_MAX = 512,
	DISTANT_S = 60 * 60,	 /* from now on, see scheduler.distant */
	STEPS_MAX = 1000 * 1000, /* of an execution; more is a livelock */
	FAIR_STEPS = 4000,	 /* in a row; then the strategy is asked, see DECIDE_UNFAIR */
	NOBODY = -1,
	HOST_OWNER = -2, /* what the set-up holds */
};

/* Scheduling state of an actor. */
enum actor_state {
	ACTOR_ABSENT, /* not created yet */
	ACTOR_READY,
	ACTOR_BLOCKED, /* until somebody wakes it */
	ACTOR_TIMED,   /* the same, but it may time out at any moment */
	ACTOR_PARKED,  /* in a waiting loop, until what it reads there is written */
	ACTOR_OVER,
};

struct location;
struct object;

/*
 * A waiting loop in the making. An actor that comes back to the same instruction with the same
 * stack, having written nothing and read what is still there to be read, is in the very state it
 * was in: it will go round until somebody else writes.
 */
struct spin {
	uint32_t reads; /* since the actor's last write */
	uint32_t checkpoint_at;
	uintptr_t pc; /* of the read that a lap is counted from */
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
	size_t stack_bytes;
	unsigned char stack[SPIN_STACK_MAX];
};

struct actor {
	/* What a step and a switch look at, in two cache lines. */
	_Alignas(64) uint32_t count; /* its own time: steps and decisions so far */
	uint32_t decide_at;	     /* ask the scheduler when `count` gets there */
	unsigned index;
	unsigned depth;	  /* of its stack of calls */
	unsigned process; /* of actors that pass for processes: the one that it is, or belongs to */
	enum actor_state state;
	uint32_t turn_began; /* its count at the last decision */
	uint32_t run_began;  /* its count when it got the turn from another, or last offered it */
	bool fresh;	     /* it has made no step yet */
	bool next_writes;    /* what it is about to do, for strategies that look ahead */
	const void *next_location;
	struct fiber fiber;
	clock_vector now;
	struct spin
		spin; /* its first members; the rest only in a loop that may be one of waiting */

	clock_vector fence_acquired;	/* what its relaxed loads saw, for a fence to acquire */
	clock_vector fence_released;	/* what its relaxed stores hand over since a fence */
	const void *frames[FRAMES_MAX]; /* return addresses, outermost first */

	unsigned held;	   /* locks */
	unsigned patience; /* rounds of a waiting loop left before all is given up */

	/* What it waits for. */
	struct object *waits_for;
	const void *waits_at; /* the call's return address */
	const char *call;     /* what it is blocked in */
	const void *end;      /* the variable with its end of the channel that it is at; NULL */
	int waits_for_actor;  /* to end, in a join; NOBODY else */
	bool timed_out;	      /* why it goes on after a timed wait */
	uint64_t deadline_ns; /* of a timed wait, in virtual time; 0: past */

	void (*live)(struct actor *self);
	const char *name;
	/* As a thread. */
	void (*run)(void *argument);
	void *argument;
	void *result;
	bool died; /* a process that a rule had crash */
	bool detached, joined;
	clock_vector ended; /* its clock at its end, for who joins it */
	actor_set joiners;
};

/* What an execution looks like; the first is what shrinking makes small first. */
struct shape {
	unsigned preemptions, faults, switches;
	uint64_t steps;
};

/* What went wrong while actors ran. */
struct scheduler_failure {
	unsigned kind;	/* 0: nothing */
	int actor;	/* NOBODY: no single one */
	const void *pc; /* where it was; NULL: not in one place */
	int signal;	/* of a crash */
	bool foreign;	/* it died in code that is not the program's */
	char message[FAILURE_MESSAGE_MAX];
};

/* Callbacks that see an execution as it runs. */
struct observer {
	void (*turn)(const struct actor *from, const struct actor *to, enum reason reason);
	/* From here on all who could go on only go round in their waiting loops; or no longer. */
	void (*circle)(bool going_round);
	void (*failure)(const struct scheduler_failure *failure);
};

extern struct scheduler {
	struct actor *running; /* NULL: no actor runs */
	actor_set ready, parked;
	actor_set timed;    /* waiting for a time that may come at any moment */
	actor_set distant;  /* for one that comes when nobody else can go on */
	uint32_t execution; /* of this process, replays counted too: what is of another is void */
	unsigned actor_count;
	struct strategy *strategy;
	/*
	 * Changes when steps become decisions that were none: executions before were made without
	 * them.
	 */
	uint32_t space;
	const struct observer *tracing; /* NULL: nobody looks on */
	bool watched; /* by the observer, or a strategy that wants to know each step */
	bool races_wanted;
	bool aborted; /* not all actors came to their end */
	bool stuck;   /* since nobody could go on */

	uint64_t steps; /* before this turn */
	unsigned switches, preemptions, faults;
	unsigned racing; /* accesses that raced */
	uint64_t now_ns; /* virtual time */
	struct scheduler_failure failure;
	struct schedule schedule; /* of this execution, so far */

	struct actor actors[ACTORS_MAX];
	struct fiber host; /* what runs between executions */
	uintptr_t state;   /* the state that actors share */
	size_t state_size;
} scheduler;

/* Make ready to run executions of up to so many actors from the start. 0 or a negative errno. */
int scheduler_open(unsigned actor_count, void *state, size_t state_size);

/* Begin an execution by `strategy`, which has begun. No actor exists yet. */
void scheduler_begin(struct strategy *strategy);

/*
 * Add an actor that is ready to call `live`, which ends with scheduler_over; NULL when there are
 * too many.
 */
struct actor *scheduler_add(const char *name, void (*live)(struct actor *self));

/* Run all actors to their end, or until something is wrong. */
void scheduler_run(void);

/* The shape of the execution that was just run. */
struct shape scheduler_shape(void);

/* Total of steps. */
uint64_t scheduler_steps(void);

/* --- for what actors do: hooks and models ------------------------------------------------------
 */

/*
 * The scheduler's decision at a step, which is worth it where others use the location, too; returns
 * when it is the actor's turn again.
 */
void scheduler_decide(struct actor *self, bool shared, const void *location, bool writes);

/* A step at a synchronisation object, where a decision is always worth it. */
void scheduler_step(struct actor *self, const void *location);

/* A step is made: the strategy may want to know. */
void scheduler_made(const struct step_made *step);

/* Offer the turn. */
void scheduler_yield(struct actor *self);

/*
 * Wait for `object` in the call that returns to `pc`, until scheduler_wake, or, where `timed`,
 * until the scheduler says that the actor's deadline is over: at once if it was past before.
 * Returns false then.
 */
bool scheduler_block(
	struct actor *self, struct object *object, const char *call, const void *pc, bool timed);

void scheduler_wake(actor_set actors);

/* Somebody wrote what these actors watch: those of them that are parked go on. */
void scheduler_unpark(actor_set watchers);

/* Park an actor in its waiting loop; what it reads there knows that it watches. */
void scheduler_park(struct actor *self);

/* One of these actors, by the scheduler's choice; the turn does not pass. */
unsigned scheduler_pick(struct actor *self, actor_set choices);

/* Whether a fault of this probability happens here. */
bool scheduler_choose(struct actor *self, double probability);

/* The actor is at its end: threads.c, which knows what it leaves behind, is who calls this. */
void scheduler_over(struct actor *self) __attribute__((noreturn));

/* Something is wrong: end the execution. On the host only note it. */
void scheduler_fail(unsigned kind, const void *pc, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Note what is wrong, and go on; what is noted later, or ends the execution, goes before it. */
void scheduler_note(unsigned kind, const void *pc, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* From a signal handler: something ended the running actor; it is for the caller to leave it. */
void scheduler_broken(unsigned kind, int signal, const void *pc, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The default: go on while you can, else the next actor in turn. */
unsigned scheduler_default(const struct point *point);

#endif
