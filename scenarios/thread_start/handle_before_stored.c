/*
 * thread_start/handle_before_stored: a thread uses its handle before its creator has stored it.
 *
 * A new thread may run before pthread_create returns. What the creator stores after that call may
 * not be there yet, so that the worker signs with nothing.
 *
 *   workers[0]   employer                       worker 0
 *       -        create worker 0
 *       -                                       signature = workers[0]: nothing
 *    worker 0    workers[0] = worker            too late
 */
#include "common.h"

static void *work(void *argument)
{
	const struct job *job = argument;
	int number;

	SNARL_POINT("work/started");
	number = job->number;
	job->shared->signatures[number] = job->shared->workers[number];
	return NULL;
}

static void employ(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;
	struct job jobs[JOBS];

	(void)self;
	for (int i = 0; i < JOBS; i++) {
		pthread_t worker;

		jobs[i] = (struct job){.shared = shared, .number = i};
		if (pthread_create(&worker, NULL, work, &jobs[i]) != 0) {
			worker = pthread_self();
			work(&jobs[i]);
		}
		SNARL_POINT("employ/created");
		shared->workers[i] = worker;
	}
	for (int i = 0; i < JOBS; i++)
		if (!pthread_equal(shared->workers[i], pthread_self()))
			pthread_join(shared->workers[i], NULL);
}

const struct snarl_scenario scenario = {
	.summary = "a thread that uses its handle before its creator has stored it",
	.refs = "CWE-696, OSTEP 32",
	.state_size = sizeof(struct shared),
	.actors = {{"employer", employ}},
	.check = all_signed,
	.observe = {"signatures"},
	.expect = {.bug = SNARL_LOST_ITEM, .race_in = "work"},
};
