/* result.h - the result of one case, whatever its engine. */
#ifndef SNARL_RUN_RESULT_H
#define SNARL_RUN_RESULT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "plan.h"

enum outcome_word {
	OUTCOME_CAUGHT,
	OUTCOME_CLEAN,
	OUTCOME_BLIND,
	OUTCOME_MISSED,
	OUTCOME_FALSE_ALARM,
	OUTCOME_SKIPPED,
	OUTCOME_FOUND,	 /* a question's answer: a bug was seen; */
	OUTCOME_NOTHING, /* or none was, which is no proof unless the message says so */
	OUTCOME_ERROR,	 /* it misuses snarl.h; its message has the remedy */
	OUTCOME_WORDS
};

struct result {
	struct plan plan;
	unsigned verdict;  /* one kind, or SNARL_NO_BUG */
	unsigned expected; /* kinds that the engine was expected to see, unless it is */
	bool question;	   /* about which nothing is declared */
	enum outcome_word outcome;
	bool failed_to_run; /* with a message; not the scenario's fault, unless it is */
	bool misused;	    /* of snarl.h */
	bool skipped;	    /* with a message: the machine does not let it run */
	char *message;	    /* a sentence; "" when clean */
	unsigned oracle;    /* the oracle's witness: kinds of all failing outcomes */
	uint64_t executions, failures;
	int64_t first_failure_execution; /* -1: none, or not known */
	double seconds;
	char token[PLAN_TOKEN_MAX]; /* reproduces the settings; "" when clean */
	json_t *detail;		    /* all else that is known of it: an object, see below */
};

/*
 * The detail of a case is one object, from the collector to the page, with addresses as names.
 * Arrays, objects and the output are always there; the rest is there if it is known.
 *
 * {"outcomes":[{"label","kinds","message","count"}]
 *  "injections":[{"rule","count"}]
 *  "races":[{"description",
 *            "accesses":[{"actor","write","atomic","size","variable",
 *                         "stack":[{"function","file","line","column"}]}],
 *            "locks":[{"variable","stack"}],"stacks":[...],
 *            "takers":[NAME]}]   of an inversion of locks: taker i took lock i+1 (stack 2i) while
 *                                it held lock i (stack 2i+1)
 *  "observed":[{"name","value"}] the state at the failure, members to show
 *  "trace":[...]                 steps, see below; empty: the engine does not know the order
 *  "shape":{...}                 of the schedule, see below; empty likewise
 *  "waits":{...}                 the wait-for graph, see below; empty: nothing got stuck
 *  "output":TEXT                 the end of what the child printed
 *  "traits":{...}                the event "engine": what its findings are worth
 *  "arm":TEXT                    the engine's settings that caught it, in words
 *  "coverage":TEXT               "all 1,234 schedules with at most 2 preemptions seen"
 *  "exhausted":BOOL              the engine has tried everything that it can
 *  "effort":{"twin","times"}     the twin that set a clean case's effort; how many times the
 *                                executions that caught it were made
 *  "took":SECONDS                from its start to its result, with shrinking and explaining
 *  "misuse":{"file","line"}      where the scenario misuses snarl.h
 *  "steps":N,"peak_kb":N         of all executions; most memory that the case had resident
 *
 *  and in the store:
 *  "seed":N,"rules":[TEXT],"expected":KINDS,"oracle":KINDS,"catalog":{...}}
 */

/*
 * A step of `trace`, which is in order of time. Only step, actor and sentence are always there.
 *
 * {"step":N         from 1
 *  "actor":NAME
 *  "op"             "read", "write", "update" (atomic read-modify-write), "lock", "trylock",
 *                   "unlock", "wait", "wake", "signal", "broadcast", "post", "arrive", "yield",
 *                   "sleep", "malloc", "free", "create", "join", "begin", "end", "fence",
 *                   "fault", ...
 *  "call"           what was called to synchronise: "pthread_mutex_lock"; or null
 *  "sentence"       "writes counter: 5 → 6", "waits for lock, held by bob"
 *  "variable","old","new"       texts: "slots[2]", "5", "6"; or null
 *  "bytes":N,"asked":N          of memory, or of "input" and "output" from and to a channel
 *  "data":HEX                   the first of the bytes that went through the channel
 *  "continues":N                the step in which the same call sent the bytes before these
 *  "atomic":BOOL,"write":BOOL
 *  "function","file","line","stack"       as in an access
 *  "observed":[{"name","value"}]          after the step; empty if none are declared
 *  "runnable":[NAME]                      the actors that could have run
 *  "preempted":NAME or null               the actor preempted here: it could have continued
 *  "happens_after":[N]                    steps of other actors whose release this one acquired
 *  "races_with":[N]                       steps that race with it: nothing orders the two
 *  "waits_for":TEXT,"held_by":NAME        what blocks it, or null; forever in an actor's last step
 *  "injected":TEXT or null}               a fault: "posix/thread/cond_wait: spurious wakeup"
 *
 * `shape` is the cost of the schedule after it was shrunk; "found" is that before:
 * {"steps","switches","preemptions","faults":N,"strategy":"pct",
 *  "found":{"steps","switches","preemptions","faults":N},"actors":[NAME],
 *  "ledger":[{"actor":NAME,"put":N,"taken":N          items that it logged in this execution
 *             "puts","takes":[{"item":"alice#1","place":N,"step":N}]}]}
 *                               the last of them; "step": in which the item was put or taken, 0:
 *                               not known; no ledger: the scenario has none, or nothing was put
 */

/*
 * `waits` is the wait-for graph of a standstill, or of a potential deadlock:
 *
 * {"reached":BOOL       false: a potential deadlock: its locks were taken in the cycle's order
 *  "cycle":[NAME]       each waits for the next, the last for the first; may be empty
 *  "actors":[           the cycle's first; then the others that were stuck; then those that
 *                       progress or left a lock behind
 *    {"actor":NAME
 *     "state"           "blocked" in a call that others would have to end; "waiting" in a loop, or
 *                       in a call that may end by itself; "running", without getting anywhere;
 *                       "livelocked": makes calls, likewise; "progressing" while others wait;
 *                       "ended"
 *     "call"            that it is in: "pthread_mutex_lock"; or null
 *     "for"             the object's name, null if it has none
 *     "wait"            its kind: "acquire" (a lock), "acquire_shared", "cond_wait", "sem_wait",
 *                       "barrier_wait", "join" (a thread), "once", "read", "write",
 *                       "send", "receive", "accept", "open", "poll", "reap", "loop", "try"
 *                       (a lock, without waiting for it, again and again),
 *                       "sigwait"; "block": unknown
 *     "held_by":[NAME]  the actors at its hard edges, see waits.c; in a join, the thread
 *     "why"             a further explanation, or null: "which bob signalled (a.c:9) before"
 *     "steady"          of a loop that explore has seen: what it reads has not been written since
 *                       the trace says so
 *     "missed_signal"   true: the condition that it waits for was signalled, and it did not wake
 *     "function","file","line","stack"       where it is; as in an access
 *     "holds":[{"name","mode":"alone"|"shared"|"unit","function","file","line","stack"}]}]}
 */

/* "caught", ..., "nothing found". */
const char *outcome_name(enum outcome_word outcome);

/*
 * Whether a person has to look at it: a bug was found, the outcome is not as declared, or there is
 * none because of an error; likewise for an outcome by its name.
 */
bool outcome_alarms(enum outcome_word outcome);
bool outcome_named_alarms(const char *name);

/* "expected" in JSON: kinds, or null for a question; a new reference. */
json_t *result_expected(const struct result *result);

/* The contract's one-line object for --json; a new reference. */
json_t *result_json(const struct result *result);

/* The result of a case that has not written an event yet. */
struct result result_empty(const struct plan *plan);

/* Count the execution that was stopped before its end as an outcome. */
void result_stop(struct result *result);

/* Add what a case did after it was stopped and restarted: counts, outcomes, races, injections. */
void result_join(struct result *into, const struct result *later);

/* A part of the detail; NULL: there is none. */
json_t *result_part(const struct result *result, const char *name);

/* Put a part into the detail, in place of what was there; takes the reference. */
void result_put(struct result *result, const char *name, json_t *value);

void result_free(struct result *result);

#endif
