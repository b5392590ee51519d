/*
 * snarl.h - the one header a scenario includes.
 *
 * A scenario is a folder under scenarios/, a variant one .c file in it that defines `scenario`:
 * what its actors do to a shared state, what must hold when all of them are done, and what each
 * engine is expected to see. Every engine runs the same file. README.md has a worked example.
 */
#ifndef SNARL_H
#define SNARL_H

#include <stddef.h>
#include <stdint.h>

enum {
	SNARL_ACTORS_MAX = 128,
	SNARL_OBSERVED_MAX = 8,
	SNARL_INJECTIONS_MAX = 4, /* rules a variant may bring along */
};

/* What can go wrong. A set, so that an expectation may name every form one bug takes. */
enum snarl_kind {
	SNARL_NO_BUG = 0,
	SNARL_DATA_RACE = 1 << 0,
	SNARL_LOST_UPDATE = 1 << 1,
	SNARL_OVERWRITE = 1 << 2,
	SNARL_LOST_ITEM = 1 << 3,
	SNARL_DUPLICATE_ITEM = 1 << 4,
	SNARL_STALE_READ = 1 << 5,
	SNARL_TORN_MESSAGE = 1 << 6,
	SNARL_OUT_OF_ORDER = 1 << 7,
	SNARL_LOST_WAKEUP = 1 << 8,
	SNARL_DEADLOCK = 1 << 9,
	SNARL_LOCK_ORDER = 1 << 10, /* a potential deadlock */
	SNARL_LIVELOCK = 1 << 11,
	SNARL_HANG = 1 << 12,
	SNARL_STARVATION = 1 << 13,
	SNARL_LEAK = 1 << 14,
	SNARL_CRASH = 1 << 15,
	SNARL_ASSERTION = 1 << 16,
};

/* One role of a running scenario. Belongs to the engine; an actor only hands it back. */
struct snarl_actor;

/* How well an engine can see a variant's bug. */
enum snarl_detection {
	SNARL_MUST_SEE, /* the default of a broken variant */
	SNARL_MAY_SEE,
	SNARL_CANNOT_SEE,
	SNARL_NOT_RUN, /* the engine cannot run the variant at all: its case is skipped */
};

/* What one engine is expected to see, if it differs from the variant's own `bug`. */
struct snarl_expected {
	enum snarl_detection detection;
	unsigned bug;	 /* kinds this engine sees; 0: those of the variant */
	const char *why; /* one sentence; required unless the engine must see */
};

#define SNARL_MAY(reason)                                                                          \
	{                                                                                          \
		.detection = SNARL_MAY_SEE, .why = (reason)                                        \
	}
#define SNARL_BLIND(reason)                                                                        \
	{                                                                                          \
		.detection = SNARL_CANNOT_SEE, .why = (reason)                                     \
	}
#define SNARL_SKIPPED(reason)                                                                      \
	{                                                                                          \
		.detection = SNARL_NOT_RUN, .why = (reason)                                        \
	}

struct snarl_expectation {
	unsigned bug;	     /* kinds of the bug, SNARL_NO_BUG for a correct variant */
	const char *race_in; /* function that contains the racing access; NULL: no data race */
	struct snarl_expected stress, tsan, explore;
	/*
	 * The cycle of a deadlock: an actor, what it waits for, the holder of that, and so on:
	 * "alice -> right -> bob -> left -> alice". A deadlock with another cycle is another bug.
	 * NULL: any cycle.
	 */
	const char *cycle;
};

/*
 * Actors run as threads, or as processes. With processes the state is in shared memory, and
 * everything else is private to each: the heap, global variables, and the descriptors, of which
 * each starts with those that the set-up opened. In stress each is forked for each execution. The
 * other engines see only one process: there an actor is a thread or a fiber with its own descriptor
 * table, and memory that is mapped shared has the same address for all. What belongs to a process
 * has to stay in its actor's frame, or in what it opened.
 */
enum snarl_isolation {
	SNARL_THREADS,
	SNARL_PROCESSES,
	/*
	 * Threads again, but each execution has a new process: whatever the code keeps in globals,
	 * the environment, the locale or handlers of signals begins anew. Stress makes some
	 * thousand executions per second then. Explore, which never forks, restores globals,
	 * thread-local variables and the environment.
	 */
	SNARL_FRESH_PROCESS,
};

struct snarl_scenario {
	const char *summary; /* one line for lists */
	const char *refs;    /* where the bug is described: "CWE-362, OSTEP 26" */

	size_t state_size;     /* bytes; zeroed before every execution */
	unsigned ledger_items; /* most items one actor logs in an execution; 0: no ledger */
	enum snarl_isolation isolation;

	struct {
		const char *name; /* its role */
		void (*run)(void *state, struct snarl_actor *self);
	} actors[SNARL_ACTORS_MAX];

	/* Optional. All three run alone: no actor runs at the same time. */
	void (*setup)(void *state);
	void (*check)(void *state);
	void (*teardown)(void *state);

	/*
	 * Optional, for processes only. It runs in the process that ran the set-up, once all actors
	 * have been started with the descriptors that the set-up opened, and closes those that only
	 * they use, as a shell does with its pipes.
	 */
	void (*started)(void *state);

	const char *observe[SNARL_OBSERVED_MAX];  /* members of the state that reports show */
	const char *inject[SNARL_INJECTIONS_MAX]; /* rules without which the bug does not occur */

	struct snarl_expectation expect;
};

/* Every variant defines exactly this. */
extern const struct snarl_scenario scenario;

/*
 * Verdicts, from `check` only. Each may be called several times in one check; the first broken
 * invariant gives the execution its message.
 */

/* Require `got == expected`; `name` and the value make up the outcome that is counted. */
void snarl_expect_eq(unsigned kind, long got, long expected, const char *name);

/* Report a broken invariant in words. Its `kind` has to be one: the case ends otherwise. */
void snarl_fail(unsigned kind, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * From `setup` only: skip the case because this machine cannot run the scenario, for the reason
 * given. Does not return.
 */
void snarl_skip(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/*
 * Names for processes that have to find each other, unique to this case. snarl removes the named
 * objects after each execution, in case the scenario did not, or died. `what` is a short word (at
 * most 23 letters, no slash, no leading dot); the same word gives the same name to all. Valid until
 * the process ends.
 */

/* For shm_open, mq_open and, in stress, sem_open: "/snarl-ID-what". */
const char *snarl_name(const char *what);

/* The path of a FIFO, a socket or a file: "/dev/shm/snarl-case-ID/what". */
const char *snarl_path(const char *what);

/*
 * The ledger is the standard oracle for anything that hands items on. Each actor logs into its own
 * memory: logging takes no lock and makes no atomic access, so it adds no happens-before edge. It
 * needs `.ledger_items`.
 */

/* Producer and sequence in one word, so that it fits wherever an int does; 0 is no item. */
typedef uint32_t snarl_item;

/* The actor's next item: 1, 2, 3, ... of this producer, from 1 again in each execution. */
snarl_item snarl_item_next(struct snarl_actor *self);

/* Log that `item` is being put into `place` (a slot's index, or -1 if there are none). */
void snarl_ledger_put(struct snarl_actor *self, snarl_item item, int place);

/* Log that `item` was taken from `place`. */
void snarl_ledger_take(struct snarl_actor *self, snarl_item item, int place);

/*
 * In `check`: name every item that was put and never taken (lost-item; overwrite when a later one
 * went to its place), taken twice (duplicate-item), taken before it was there (stale-read), taken
 * but never put (torn-message) or taken after a later one of the same producer (out-of-order).
 */
void snarl_ledger_check(void);

/*
 * A named place where a rule may inject a fault or a delay: "function/moment". While no rule
 * names it, it costs one predictable branch and orders nothing.
 */
struct snarl_point {
	const char *name;
	const char *file;
	int line;
	unsigned char armed; /* written only while no actor runs */
};

/* Act on the rules for an armed point. */
void snarl_point_fire(const struct snarl_point *point);

/* Return whether a rule names the point; a function, for code whose own reads are instrumented. */
int snarl_point_armed(const struct snarl_point *point);

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SNARL_POINT_ARMED(point) snarl_point_armed(point)
#endif
#endif
#ifndef SNARL_POINT_ARMED
#define SNARL_POINT_ARMED(point) ((point)->armed)
#endif

/* Points are found through their own linker section, never listed. */
#define SNARL_POINT_DEFINE(symbol, path)                                                           \
	static struct snarl_point symbol                                                           \
		__attribute__((section("snarl_each_point"))) = {(path), __FILE__, __LINE__, 0};    \
	static struct snarl_point *const symbol##_entry                                            \
		__attribute__((used, section("snarl_points"))) = &symbol

#define SNARL_POINT(path)                                                                          \
	do {                                                                                       \
		SNARL_POINT_DEFINE(snarl_point_here, path);                                        \
		if (__builtin_expect(SNARL_POINT_ARMED(&snarl_point_here), 0))                     \
			snarl_point_fire(&snarl_point_here);                                       \
	} while (0)

#endif
