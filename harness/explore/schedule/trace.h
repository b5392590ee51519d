/*
 * trace.h - an execution step by step, for people: recorded while a known schedule is replayed.
 *
 * Values are read at the access itself: the value before it when the actor runs, the value after it
 * when the next step begins.
 */
#ifndef SNARL_EXPLORE_TRACE_H
#define SNARL_EXPLORE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scheduler.h"

enum trace_op {
	TRACE_READ,
	TRACE_WRITE,
	TRACE_UPDATE, /* atomic read-modify-write */
	TRACE_LOCK,
	TRACE_READ_LOCK,
	TRACE_TRYLOCK, /* one that failed */
	TRACE_UNLOCK,
	TRACE_WAIT,
	TRACE_WAKE,
	TRACE_SIGNAL,
	TRACE_BROADCAST,
	TRACE_TAKE,
	TRACE_POST,
	TRACE_ARRIVE,
	TRACE_ONCE,
	TRACE_YIELD,
	TRACE_SLEEP,
	TRACE_CLOCK,
	TRACE_INPUT,
	TRACE_OUTPUT,
	TRACE_CLOSE,
	TRACE_MALLOC,
	TRACE_FREE,
	TRACE_CREATE,
	TRACE_JOIN,
	TRACE_FENCE,
	TRACE_CALL, /* one that has no other step: `what` it did, in words */
	TRACE_FAULT,
	TRACE_FAILURE,
};

struct snarl_actor;

/* Record with each step what these actors have logged of their items. */
void trace_ledger(struct snarl_actor *const *actors);

/* Record the next execution. `stop_at`: a recorded step, see snarl_step_reached; 0: none. */
void trace_begin(uint64_t stop_at);

/* Whether the execution had more steps than were recorded. */
bool trace_cut(void);

/* Stop recording. */
void trace_end(void);

/* An empty function, called at the step that a debugger was asked to stop at. */
void snarl_step_reached(uint64_t step);

struct location;
void trace_access(struct actor *self, const struct location *location, uintptr_t address,
	unsigned size, bool write, bool atomic, bool raced, const void *pc);
/* The access just recorded is an atomic read-modify-write. */
void trace_update(void);

/* A step at the object at `address`, held by `holder`: an actor, HOST_OWNER, or NOBODY. */
void trace_sync(struct actor *self, enum trace_op op, const void *address, int holder,
	const char *call, const void *pc);
/* `address`: the object that the fault affects; NULL: none. */
void trace_fault(struct actor *self, const void *address, const char *what, const char *call,
	const void *pc);
void trace_thread(struct actor *self, enum trace_op op, const struct actor *other, const char *call,
	const void *pc);
void trace_memory(struct actor *self, enum trace_op op, const void *block, size_t size,
	const char *call, const void *pc);
/* `count` of `asked` bytes went through a channel; `bytes`: NULL if their values are not known. */
void trace_transfer(struct actor *self, enum trace_op op, const void *address, const void *bytes,
	size_t count, size_t asked, const char *call, const void *pc);
void trace_call(struct actor *self, enum trace_op op, const char *call, const void *pc);
void trace_fence(struct actor *self, const void *pc);

/*
 * The running actor's call did something at the object at `address` (NULL: at none), in words that
 * follow the actor's name; names of variables are those of address_name. Does nothing if no
 * execution is recorded. Keeps errno.
 */
void trace_did(const void *address, const char *call, const void *pc, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Words about the step just recorded. */
void trace_words(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The step being recorded acquires the release of step number `step` (0: none). */
void trace_acquired(uint32_t step);

/* The step being recorded is a release: store its number in `at`. */
void trace_released(uint32_t *at);

#endif
