/*
 * wrong_clock/correct_condattr_setclock: the condition is made for the clock of its deadlines.
 *
 * A condition keeps its clock, so that each timed wait on it compares the deadline with the
 * monotonic clock. A change of the date moves no deadline.
 *
 *   monotonic   alice                            bob
 *     5000      deadline = 5060
 *     5000      lock, no answer: waits
 *     5000      5000 < 5060: goes on waiting
 *     5001                                       lock, answers, signals, unlock
 *     5001      has her answer, unlock
 */
#include "common.h"

static void setup(void *state)
{
	struct dialogue *dialogue = state;
	pthread_condattr_t attributes;

	pthread_mutex_init(&dialogue->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&dialogue->answered, &attributes);
	pthread_condattr_destroy(&attributes);
}

static int wait_until(struct dialogue *dialogue, const struct timespec *deadline)
{
	return pthread_cond_timedwait(&dialogue->answered, &dialogue->lock, deadline);
}

const struct snarl_scenario scenario = {
	.summary = "a CLOCK_MONOTONIC deadline for a condition variable made for that clock",
	.refs = "pthread_condattr_setclock(3p), TLPI 30.2",
	.state_size = sizeof(struct dialogue),
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = setup,
	.check = never_early,
	.teardown = dialogue_teardown,
	.observe = {"answer", "early"},
	.expect = {.bug = SNARL_NO_BUG},
};
