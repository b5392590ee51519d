/* child.h - a running case: started, read, killed. Its silence is judged by silence.h. */
#ifndef SNARL_RUN_CHILD_H
#define SNARL_RUN_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "catalog.h"
#include "collector.h"
#include "postmortem.h"

struct child {
	struct collector collector;
	pid_t pid;
	int events, output;
	struct activity *activity; /* NULL: there is none */
	int activity_fd;
	struct progress progress;  /* of its threads when its silence was noted */
	struct collector *stopped; /* results from before it was stopped and started anew; NULL */
	uint64_t began_ns, heard_ns, closed_ns; /* closed: when its events ended; 0: not yet */
	uint64_t slept_ns;			/* when an actor was last seen to sleep */
	unsigned looks;				/* at it since it was heard */
	uint64_t silence_cpu_ms; /* used when the silence was noted, plus 1; 0: no silence */
	bool orphans;		 /* processes live that have left a case's process tree */
	bool killed;		 /* by us */
	bool reported;		 /* it was reported that it listens */
};

/* Run the plan. Returns 0 or a negative errno; on failure nothing is left of it. */
int child_start(struct child *child, const struct catalog *catalog, const struct subject *subject,
	const struct plan *plan);

/*
 * Read what it has written so far. Makes only a few reads: a child that floods the pipe must not
 * keep the parent from checking the clock.
 */
void child_read(struct child *child);

/* Kill it and all that it started; it still has to be waited for. */
void child_kill(struct child *child);

/* Let go of the process, which is gone; the result stays. */
void child_let_go(struct child *child);
void child_free(struct child *child);

#endif
