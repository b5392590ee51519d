/*
 * postmortem.h - what a silent case is stuck in: from its activity table (case/activity.h), from
 * the state of its threads, and from their stacks, which libdwfl reads out of the stopped process.
 */
#ifndef SNARL_RUN_POSTMORTEM_H
#define SNARL_RUN_POSTMORTEM_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "activity.h"

/* How far each thread had come when the silence was noted. */
struct progress {
	uint64_t noted_ns; /* 0: not yet */
	uint64_t sequence[ACTIVITY_ENTRIES];
};

/* Make an activity table to hand to a child; its descriptor in `*descriptor`. NULL and errno on
 * failure. */
struct activity *activity_make(int *descriptor);
void activity_unmake(struct activity *activity);

/* Note how far each thread has come. */
void progress_note(struct progress *progress, const struct activity *activity);

/* Whether any has come further since. */
bool progress_made(const struct progress *progress, const struct activity *activity);

/* What the events reported of the actors, one element per actor: see collector.h. */
struct attendance {
	const json_t *actors; /* names */
	const json_t *at;     /* number of the execution */
	const json_t *done;   /* whether it waits for the next */
	bool orphans;	      /* processes live that have left the case's process tree */
};

/*
 * Whether nothing can ever continue: since the progress was noted, all actors that are not done
 * with their execution, and all threads they made, sleep (or spin on a spinlock) in calls that only
 * one of them could end, and nothing else could (outside.h): there is no other process or thread,
 * and no signal that the scenario handles.
 */
bool postmortem_proves(pid_t pid, const struct activity *activity, const struct progress *progress,
	const struct attendance *attendance);

/*
 * Make the event "stuck" of waits.h: where each actor is, what it holds and what it waits for.
 * Stops the threads one by one for a moment. If stacks are not available, the calls that threads
 * are blocked in are reported all the same. A new reference; NULL if no actor is on the activity
 * table.
 */
json_t *postmortem(pid_t pid, const struct activity *activity, const struct progress *progress,
	const struct attendance *attendance);

/* Number of the execution that is stuck: the earliest that an actor is still in; -1: none. */
int64_t postmortem_execution(const struct attendance *attendance);

/* Whether an actor that is not done sleeps in a wait that something else than actors could end. */
bool postmortem_sleeps(
	pid_t pid, const struct activity *activity, const struct attendance *attendance);

#endif
