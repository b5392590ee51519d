/*
 * common.h - an employer starts a thread for each of two jobs and waits for both. A worker does the
 * job that its argument names, and signs it. Each variant says how workers are started.
 */
#ifndef SCENARIOS_THREAD_START_COMMON_H
#define SCENARIOS_THREAD_START_COMMON_H

#include <pthread.h>
#include <stddef.h>
#include <snarl.h>

enum { JOBS = 2 };

struct shared {
	pthread_t workers[JOBS];    /* by job: the employer's */
	pthread_t signatures[JOBS]; /* by job: its worker's until that was joined */
};

struct job {
	struct shared *shared;
	int number;
};

static void all_signed(void *state)
{
	struct shared *shared = state;

	for (int i = 0; i < JOBS; i++)
		if (!shared->signatures[i])
			snarl_fail(SNARL_LOST_ITEM, "job %d is signed by nobody", i);
}

#endif
