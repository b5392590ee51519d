/* recording.h - what trace.c keeps of a traced execution, for trace_events.c to write. */
#ifndef SNARL_EXPLORE_RECORDING_H
#define SNARL_EXPLORE_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "actor.h"
#include "ledger.h"
#include "scheduler.h"

enum {
	STACK_TOLD_MAX = 24, /* frames of a stack, innermost first */
	CAUSES_MAX = 4,	     /* releases that one step acquires */
	STATE_MAX = 4096,    /* bytes of a state whose copies are kept */
	BYTES_TOLD_MAX = 64, /* kept of a transfer: its first ones */
};

_Static_assert(ACTORS_MAX - 1 <= INT8_MAX, "a step may name every actor");

struct step {
	uint8_t actor, op, size, cause_count;
	bool atomic, write, raced;
	int8_t preempted; /* the actor that it preempted; NOBODY: none */
	int8_t holder;	  /* of the object that it waits for; NOBODY: none; HOST_OWNER */
	int8_t other;	  /* the thread that it created or joined; NOBODY: none */
	uint16_t depth;
	actor_set runnable;
	uint32_t causes[CAUSES_MAX];
	uintptr_t address;
	uint64_t before, after;
	const struct location *location;
	const void *pc;
	const char *call, *what;
	const void *end; /* the variable that its call found a channel in; NULL: not known */
	struct vector_clock now;
	uint32_t state;	      /* number of the copy of the state after it; 0: unchanged */
	uint32_t puts, takes; /* items that its actor had logged before it */
	uint32_t continues;   /* a transfer: the step that the same call made before; 0: none */
	uint8_t byte_count;
	const void *source; /* of a transfer: address of its bytes */
	const void *frames[STACK_TOLD_MAX];
	unsigned char bytes[BYTES_TOLD_MAX];
};

extern struct trace {
	struct step *steps; /* the first is unused: numbers begin at 1 */
	uint32_t count;
	bool cut;		     /* the execution had more steps, which were not recorded */
	uint32_t counts[ACTORS_MAX]; /* if so: the actors' counts at the last recorded step */
	uint32_t settled;	     /* steps whose resulting values are known */
	unsigned char *copies;
	uint32_t copy_count;
	char *texts; /* words about steps */
	size_t text_bytes;
	int8_t preempted; /* actor preempted by the last switch; NOBODY: none */
	uint64_t stop_at;
	struct snarl_actor *const *loggers; /* whose ledgers are recorded; NULL: none */
} trace;

/* The value in memory now; 0 if it cannot be read. */
uint64_t trace_value(uintptr_t address, unsigned size);

static inline size_t recording_state_bytes(void)
{
	return scheduler.state_size <= STATE_MAX ? scheduler.state_size : 0;
}

/* The copy of the state with this number. */
static inline const unsigned char *recording_copy(uint32_t number)
{
	return trace.copies + (size_t)(number - 1) * recording_state_bytes();
}

/* The log of an actor that the scenario names; one that another created has none. */
static inline const struct ledger_log *recording_ledger(unsigned actor)
{
	return trace.loggers && actor < SNARL_ACTORS_MAX && trace.loggers[actor]
		       ? trace.loggers[actor]->log
		       : NULL;
}

#endif
