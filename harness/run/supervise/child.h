/* child.h - a running case: started, read, killed. Its silence is judged by silence.h. */
#ifndef SNARL_RUN_CHILD_H
#define SNARL_RUN_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "catalog.h"
#include "collector.h"
#include "keeper.h"
#include "postmortem.h"
#include "unnamed.h"

enum { OUTPUT_BYTES_MAX = 256 << 20 /* and of any file that a case writes */ };

struct child {
	struct collector collector;
	struct keeper keeper;
	pid_t pid; /* of the case */
	int events, output;
	struct activity *activity; /* NULL: there is none */
	int activity_fd;
	struct progress progress;  /* of its threads when its silence was noted */
	struct collector *stopped; /* results from before it was stopped and started anew; NULL */
	uint64_t began_ns, heard_ns;
	uint64_t closed_ns;	 /* when its events ended; 0: not yet */
	uint64_t killed_ns;	 /* when we killed it; 0: not yet */
	unsigned looks;		 /* at it since it was heard */
	uint64_t silence_cpu_ms; /* used when the silence was noted, plus 1; 0: no silence */
	bool ended;		 /* its process is gone, */
	bool abandoned;		 /* after its keeper */
	int status;		 /* how it ended then, as from waitpid */
	uint64_t delayed_ms;	 /* by rules, all actors, until the silence was noted */
	uint64_t slept_ns;	 /* when an actor was last seen to sleep */
	bool orphans;		 /* processes live that have left a case's process tree */
	struct makers makers;	 /* its processes when it was killed */
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

/* Kill its process and its group. Its keeper ends the rest, and reports that. */
void child_kill(struct child *child);

/* Let go of the process, which is gone; the result stays. */
void child_let_go(struct child *child);
void child_free(struct child *child);

#endif
