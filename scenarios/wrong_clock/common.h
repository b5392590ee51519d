/*
 * common.h - alice asks bob and waits for his answer, for a minute at most by the monotonic clock,
 * which nobody sets. Each variant defines her wait, and makes the condition in its `setup`.
 */
#ifndef SCENARIOS_WRONG_CLOCK_COMMON_H
#define SCENARIOS_WRONG_CLOCK_COMMON_H

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <time.h>
#include <snarl.h>

enum { PATIENCE_S = 60 /* longer than any run: it expires only in explore */ };

struct dialogue {
	pthread_mutex_t lock;
	pthread_cond_t answered; /* with lock */
	bool answer;		 /* bob has answered: under lock */
	int early;		 /* alice's: she gave up before her deadline */
};

/* Wait on `answered`, until `deadline` by the monotonic clock at most; return 0 or ETIMEDOUT. */
static int wait_until(struct dialogue *dialogue, const struct timespec *deadline);

static void alice(void *state, struct snarl_actor *self)
{
	struct dialogue *dialogue = state;
	struct timespec deadline, now;
	int error = 0;

	(void)self;
	clock_gettime(CLOCK_MONOTONIC, &deadline);
	deadline.tv_sec += PATIENCE_S;
	pthread_mutex_lock(&dialogue->lock);
	while (!dialogue->answer && error != ETIMEDOUT) {
		SNARL_POINT("alice/must_wait");
		error = wait_until(dialogue, &deadline);
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	dialogue->early = !dialogue->answer && now.tv_sec < deadline.tv_sec;
	pthread_mutex_unlock(&dialogue->lock);
}

static void bob(void *state, struct snarl_actor *self)
{
	struct dialogue *dialogue = state;

	(void)self;
	SNARL_POINT("bob/asked");
	pthread_mutex_lock(&dialogue->lock);
	dialogue->answer = true;
	pthread_cond_signal(&dialogue->answered);
	pthread_mutex_unlock(&dialogue->lock);
}

static void dialogue_teardown(void *state)
{
	struct dialogue *dialogue = state;

	pthread_cond_destroy(&dialogue->answered);
	pthread_mutex_destroy(&dialogue->lock);
}

static void never_early(void *state)
{
	struct dialogue *dialogue = state;

	snarl_expect_eq(SNARL_ASSERTION, dialogue->early, 0, "early");
}

#endif
