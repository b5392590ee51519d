/*
 * stop_flag/plain_flag: the compiler loads a plain flag only once.
 *
 * It may assume that nobody else changes a plain int, so that one load, before the loop, is enough:
 * if (!stop) for (;;). A worker that has to wait at all waits forever. Without optimisation the
 * loop does load the flag, and the program works until its release build.
 *
 *   stop   boss                     worker
 *     0                             stop: 0, so jump to this very jump, forever
 *     0    reason = 42
 *     1    stop = 1                 never loads stop again
 */
struct shared {
	int reason; /* meant to be the boss's until stop is set, then the worker's */
	int stop;   /* written by the boss only */
	int read;   /* the worker's */
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
	.summary = "a worker that waits for a plain stop flag",
	.refs = "CWE-820, CERT CON02-C, OSTEP 30",
	.state_size = sizeof(struct shared),
	.actors = {{"boss", call_it_a_day}, {"worker", work}},
	.check = reason_was_read,
	.observe = {"stop", "reason", "read"},
	.expect = {.bug = SNARL_DATA_RACE,
		.race_in = "work",
		.stress = {.bug = SNARL_LIVELOCK},
		.tsan = {.bug = SNARL_DATA_RACE | SNARL_LIVELOCK}},
};
