/* child.h - a case that runs: started, read, killed. The time of its silence is silence.h's. */
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
	unsigned looks;				/* since it was heard */
	uint64_t silence_cpu_ms; /* used when the silence was noted, plus 1; 0: no silence */
	bool killed;		 /* by us */
	bool told;		 /* that it listens */
};

/* Run the plan. 0 or a negative errno; then nothing is left of it. */
int child_start(struct child *child, const struct catalog *catalog, const struct subject *subject,
	const struct plan *plan);

/* Read what it has written by now. A few reads: one that floods us must not keep us from the clock.
 */
void child_read(struct child *child);

/* End it and whatever it started; leaves it to be waited for. */
void child_kill(struct child *child);

/* Let go of the process, which is gone; the result stays. */
void child_let_go(struct child *child);
void child_free(struct child *child);

#endif
