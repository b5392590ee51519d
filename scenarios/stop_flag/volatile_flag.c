/*
 * stop_flag/volatile_flag: a volatile flag stops the worker, but orders nothing.
 *
 * volatile makes the compiler load the flag each time. It keeps neither the compiler nor the
 * processor from moving the plain store of the reason behind that of the flag, or the load of the
 * reason before that of the flag. If one of them does, the reason is read before it is there. By
 * luck, x86 does not.
 *
 *   stop   boss                     worker
 *     0                             stop: 0, again
 *     1    stop = 1
 *     1                             stop: 1
 *     1                             read = reason: 0
 *     1    reason = 42              too late: the two stores were reordered
 */
struct shared {
	int reason;	   /* meant to be the boss's until stop is set, then the worker's */
	volatile int stop; /* written by the boss only */
	int read;	   /* the worker's */
};

#include "common.h"

static void call_it_a_day(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;

	(void)self;
	shared->reason = CLOSING_TIME;
	SNARL_POINT("call/reason_written");
	shared->stop = 1;
}

static void work(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;

	(void)self;
	while (!shared->stop)
		;
	SNARL_POINT("work/stopped");
	shared->read = shared->reason;
}

const struct snarl_scenario scenario = {
	.summary = "a worker that waits for a volatile stop flag",
	.refs = "CWE-820, CERT CON02-C, OSTEP 30",
	.state_size = sizeof(struct shared),
	.actors = {{"boss", call_it_a_day}, {"worker", work}},
	.check = reason_was_read,
	.observe = {"stop", "reason", "read"},
	.expect = {.bug = SNARL_STALE_READ,
		.race_in = "work",
		.stress = SNARL_BLIND("x86 keeps the order of stores and that of loads")},
};
