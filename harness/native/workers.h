/*
 * workers.h - the workers that walk batches, and what the files of batches share: see batch.h.
 */
#ifndef SNARL_NATIVE_WORKERS_H
#define SNARL_NATIVE_WORKERS_H

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "batch.h"
#include "clock.h"
#include "ledger.h"

enum {
	PAGE = 4096,
	LINE = 64,		    /* bytes of a cache line */
	STATES_BYTES_MAX = 8 << 20, /* of states and logs in a batch: stay near the caches */
	ARMS_MAX = 32,
	SIGNAL_STACK = 64 << 10,
	SPINS_HOT = 50,	    /* without a pause, which costs as much as a cache miss here */
	NAP_NS = 20 * 1000, /* between looks, once spinning has not helped */
};

struct workers {
	const struct batch_config *config;
	bool processes; /* each execution has its own actors: a batch is one */
	bool forks;	/* and they are real processes */
	bool single;	/* a batch is one execution */
	unsigned actors;
	unsigned cpus;
	cpu_set_t allowed;
	unsigned spins; /* before a waiting actor yields */
	size_t log_size;

	/* Set between batches by the last actor at the barrier; read by all during a batch. */
	const struct arm *arm;
	uint32_t count; /* states of the running batch */
	uint32_t line_every;
	size_t stride;	/* bytes from a state to the next */
	uint64_t first; /* number of the batch's first execution */
	uint64_t lines; /* start lines that were crossed before this batch */
	uint32_t shifts[SNARL_ACTORS_MAX];
	bool over;
	char *states;
	size_t states_bytes;
	uint32_t *order;    /* of visits: states by position */
	uint32_t *rank;	    /* its inverse: positions by state */
	uint32_t ordered;   /* states that `order` was made for */
	unsigned order_age; /* batches since */
	struct ledger_log *logs[SNARL_ACTORS_MAX];

	const struct histogram *before; /* of the executions before this process; NULL: none */

	/* Bandit: what each arm has shown so far; between batches only. */
	struct arm_record {
		unsigned batches;
		double executions, failures, ns; /* of late: older batches count less */
		uint32_t count;			 /* states for its next batch */
	} records[ARMS_MAX];
	uint64_t each_ns; /* that an execution of the last batch took, with set-up and check */
	bool exploring;
	double explored_ns, explored_of_ns; /* time with other arms than the best, and in all */
	uint64_t choice;		    /* random stream of the choices */
	uint64_t began_ns, batch_began_ns;
	uint64_t failures, batch_first;
	unsigned failing_arm;
	void *failed_state;

	struct worker {
		_Alignas(PAGE) struct snarl_actor actor;
		pthread_t thread;
		pthread_t ended; /* the thread before it, which an actor's execution ended */
		struct activity_entry *entry; /* of that thread, for this one */
		const struct arm *placed;     /* the arm that its CPUs are chosen for */
		struct ledger_log *logs[SNARL_ACTORS_MAX]; /* of the execution that it checks */
		struct histogram histogram;
		const char *volatile phase;	  /* "set-up" or "check"; NULL: neither */
		volatile uint64_t phase_progress; /* set-ups and checks that have ended */
		uint32_t from;	 /* the batch's executions that the thread before it has begun */
		uint32_t walked; /* executions of the running batch; the same for all */
		bool finished;	 /* a process came to the end of its execution */
		uint64_t batch_failures;
		void *signal_stack;
		uint64_t failed_execution; /* lowest of its partition in this batch; its state: */
		void *failed;
	} * each[SNARL_ACTORS_MAX];

	_Alignas(LINE) _Atomic bool stop_requested; /* set by the watch: the budget is spent */
	_Alignas(LINE) _Atomic unsigned barrier_arrived;
	_Alignas(LINE) _Atomic unsigned barrier_generation;
	_Alignas(LINE) _Atomic unsigned running;
	sem_t over_for_all; /* posted by the last worker to leave: the case ended, nothing runs */
};

extern struct workers workers;

static inline void spin_pause(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#else
	__asm__ volatile("yield");
#endif
}

/*
 * Spin for a while, then let others run: there may be fewer CPUs than actors, or other work for
 * them. With one CPU, yield, which is the only way to get it to the others. Otherwise sleep
 * briefly, because after a yield an actor is not back for a whole time slice of whatever else runs.
 */
static inline void spin_wait(unsigned *spins)
{
	if (++*spins < workers.spins) {
		if (*spins > SPINS_HOT)
			spin_pause();
		return;
	}
	*spins = 0;
	if (workers.cpus == 1)
		sched_yield();
	else
		clock_sleep_ns(NAP_NS);
}

static inline void *state_at(uint32_t index)
{
	return workers.states + (size_t)index * workers.stride;
}

static inline struct ledger_log *log_at(unsigned actor, uint32_t index)
{
	return (struct ledger_log *)((char *)workers.logs[actor] +
				     (size_t)index * workers.log_size);
}

static inline size_t round_up(size_t size, size_t to)
{
	return (size + to - 1) / to * to;
}

static inline uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/*
 * All actors meet; the last one runs `serial` alone, if there is any. Unlike the start line it
 * orders: it stands between batches, where nothing of a scenario runs.
 */
void barrier_cross(void (*serial)(void));

/*
 * Zeroed memory, shared with the processes that are forked, if any are. A case that ends soon never
 * touches most of it. Ends the case if there is no memory.
 */
void *pages_alloc(size_t bytes);

/* Memory for the largest batch of any arm. */
void states_alloc(void);

/* The same again, in place of the memory that there is, so that a detector forgets that. */
void states_renew(void);

/* Bytes from one state to the next, and how many states fit into a batch. */
size_t arm_stride(const struct arm *arm);
uint32_t states_fit(size_t stride);

/* Walk the batch as this worker's actor, on a thread or in a process of its own: the hot loop. */
void batch_walk(struct worker *worker);
void process_walk(struct worker *worker);

/* What batch_run does, in this process. */
void batch_run_here(const struct batch_config *config, struct batch_result *result,
	struct snarl_actor *actors[SNARL_ACTORS_MAX]);

/* The arm with the most failures per second of late; the number of arms while none has failed. */
unsigned arm_best(void);

/* The arm for the next batch. */
unsigned arm_choose(unsigned best);

/*
 * States of the first batch with an arm. That of the case is one: a set-up or a check may take
 * long.
 */
uint32_t arm_count_first(void);

/* Update the arm's record from the batch that ended. */
void arm_learn(uint32_t walked, uint64_t failures, uint64_t took_ns);

#endif
