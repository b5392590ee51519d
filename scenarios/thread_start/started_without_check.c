/*
 * thread_start/started_without_check: nobody checks whether the thread could be started.
 *
 * pthread_create fails if there is no memory for a stack, or if there are too many threads. Then
 * nobody does the job, and no handle is stored. Joining what never was a thread is undefined: some
 * libraries follow the null handle and crash, others return an error that nobody checks either.
 *
 *   employer                          worker 0
 *   create worker 0
 *   create worker 1: EAGAIN           signs job 0
 *   join worker 0
 *   join nothing                                                job 1 is signed by nobody
 */
#include "common.h"

static void *work(void *argument)
{
	const struct job *job = argument;
	int number;

	SNARL_POINT("work/started");
	number = job->number;
	job->shared->signatures[number] = pthread_self();
	return NULL;
}

static void employ(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;
	struct job jobs[JOBS];

	(void)self;
	for (int i = 0; i < JOBS; i++) {
		pthread_t worker = 0;

		jobs[i] = (struct job){.shared = shared, .number = i};
		pthread_create(&worker, NULL, work, &jobs[i]);
		SNARL_POINT("employ/created");
		shared->workers[i] = worker;
	}
	for (int i = 0; i < JOBS; i++)
		pthread_join(shared->workers[i], NULL);
}

const struct snarl_scenario scenario = {
	.summary = "a thread that could not be started, but is joined",
	.refs = "CWE-252, CERT ERR33-C, CERT POS54-C",
	.state_size = sizeof(struct shared),
	.actors = {{"employer", employ}},
	.check = all_signed,
	.observe = {"signatures"},
	.inject = {"posix/thread/create:errno=EAGAIN:p=0.1"},
	.expect = {.bug = SNARL_LOST_ITEM | SNARL_CRASH},
};
