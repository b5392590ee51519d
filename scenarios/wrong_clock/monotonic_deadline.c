/*
 * wrong_clock/monotonic_deadline: a deadline of one clock is compared with another clock.
 *
 * A condition uses the realtime clock by default, which counts seconds since 1970. The monotonic
 * clock counts since the machine was started, so that its deadline is decades in the past. The wait
 * times out at once, and alice gives up before bob has had his minute.
 *
 *   monotonic   realtime      alice                            bob
 *     5000      1700000000    deadline = 5060
 *     5000      1700000000    lock, no answer: waits
 *     5000      1700000000    1700000000 > 5060: times out
 *     5000      1700000000    gives up, unlock
 *     5000      1700000000                                     lock, answers: nobody waits
 */
#include "common.h"

static void setup(void *state)
{
	struct dialogue *dialogue = state;

	pthread_mutex_init(&dialogue->lock, NULL);
	pthread_cond_init(&dialogue->answered, NULL);
}

static int wait_until(struct dialogue *dialogue, const struct timespec *deadline)
{
	return pthread_cond_timedwait(&dialogue->answered, &dialogue->lock, deadline);
}

const struct snarl_scenario scenario = {
	.summary = "a CLOCK_MONOTONIC deadline for a condition variable that uses CLOCK_REALTIME",
	.refs = "CWE-687, pthread_cond_timedwait(3p), TLPI 30.2",
	.state_size = sizeof(struct dialogue),
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = setup,
	.check = never_early,
	.teardown = dialogue_teardown,
	.observe = {"answer", "early"},
	.expect = {.bug = SNARL_ASSERTION},
};
