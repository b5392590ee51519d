/*
 * wrong_clock/correct_cond_clockwait: each wait names the clock of its deadline.
 *
 * The clock of the condition does not matter then, so that one condition may serve deadlines of
 * both clocks.
 *
 *   monotonic   alice                                bob
 *     5000      deadline = 5060
 *     5000      lock, no answer: waits by this clock
 *     5000      5000 < 5060: goes on waiting
 *     5001                                           lock, answers, signals, unlock
 *     5001      has her answer, unlock
 */
#define _GNU_SOURCE /* pthread_cond_clockwait */
#include "common.h"

static void setup(void *state)
{
	struct dialogue *dialogue = state;

	pthread_mutex_init(&dialogue->lock, NULL);
	pthread_cond_init(&dialogue->answered, NULL);
}

static int wait_until(struct dialogue *dialogue, const struct timespec *deadline)
{
	return pthread_cond_clockwait(
		&dialogue->answered, &dialogue->lock, CLOCK_MONOTONIC, deadline);
}

const struct snarl_scenario scenario = {
	.summary = "a CLOCK_MONOTONIC deadline for a wait that names this clock",
	.refs = "pthread_cond_clockwait(3p), TLPI 30.2",
	.state_size = sizeof(struct dialogue),
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = setup,
	.check = never_early,
	.teardown = dialogue_teardown,
	.observe = {"answer", "early"},
	.expect = {.bug = SNARL_NO_BUG},
};
