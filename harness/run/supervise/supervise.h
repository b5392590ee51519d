/*
 * supervise.h - running cases as children: their events, deadlines and deaths.
 *
 * Whatever a child does, it ends in a result: it finishes, crashes, falls silent, leaves early,
 * closes its descriptors or is killed. No child, and no child's child, outlives its result, and
 * nothing here waits for one of them without a deadline.
 */
#ifndef SNARL_RUN_SUPERVISE_H
#define SNARL_RUN_SUPERVISE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "catalog.h"
#include "result.h"

enum {
	SUPERVISE_JOBS_MAX = 64,
	SUPERVISE_SILENCE_MS = 800, /* of all actors: then it hangs */
	SUPERVISE_START_MS = 10000, /* until the first sign of life */
};

struct supervisor;

/* Begin to supervise children. Signals that end the program are noted from now on. */
struct supervisor *supervisor_open(const struct catalog *catalog);
void supervisor_close(struct supervisor *supervisor);

/* Start a case. Returns 0 or a negative errno (no process could be made). */
int supervisor_start(
	struct supervisor *supervisor, const struct subject *subject, const struct plan *plan);

/* Number of running cases. */
unsigned supervisor_running(const struct supervisor *supervisor);

/* The state of a running case, for progress. */
struct supervised {
	const struct subject *subject;
	const char *engine;
	uint64_t executions;
	double seconds;
};

/* Look at a running case, 0 <= index < supervisor_running(). */
struct supervised supervisor_look(const struct supervisor *supervisor, unsigned index);

/* The next case that accepts commands from fiu-ctrl; each is returned once. False: none so far. */
bool supervisor_listening(struct supervisor *supervisor, struct supervised *now, pid_t *pid);

/*
 * Wait until a case is done, `wait_ms` are over, or none runs. Returns true with the result filled
 * in and not yet judged (see judge.h), and its variant.
 */
bool supervisor_wait(struct supervisor *supervisor, int wait_ms, struct result *result,
	const struct subject **subject);

/* Whether SIGINT, SIGTERM or SIGHUP came: then all children are killed by supervisor_close. */
bool supervisor_interrupted(void);

#endif
