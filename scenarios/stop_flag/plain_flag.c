/*
 * stop_flag/plain_flag: the compiler looks at a plain flag once.
 *
 * It may assume that nobody else changes a plain int, so that one look, before the loop, is enough:
 * if (!stop) for (;;). Whoever has to wait at all waits for ever. Without optimisation the loop
 * does look, and the program works until the day of its release.
 *
 *   stop   boss                     worker
 *     0                             stop: 0, so jump to this very jump, for ever
 *     0    reason = 42
 *     1    stop = 1                 does not look any more
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
	.summary = "a worker waits for a plain flag",
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
