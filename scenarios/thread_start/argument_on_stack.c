/*
 * thread_start/argument_on_stack: all threads get the address of one variable, which changes.
 *
 * A thread reads its argument when it runs, not when it is created. By then the employer may have
 * written the next job: that one is done twice, and the first one never.
 *
 *   employer                          worker 0                  worker 1
 *   job.number = 0
 *   create worker 0 with &job
 *   job.number = 1
 *                                     number = job.number: 1
 *   create worker 1 with &job         signs job 1
 *                                                               number = job.number: 1
 *                                                               signs job 1: nobody does 0
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
	struct job job;

	(void)self;
	for (int i = 0; i < JOBS; i++) {
		pthread_t worker;

		job = (struct job){.shared = shared, .number = i};
		if (pthread_create(&worker, NULL, work, &job) != 0) {
			worker = pthread_self();
			work(&job);
		}
		SNARL_POINT("employ/created");
		shared->workers[i] = worker;
	}
	for (int i = 0; i < JOBS; i++)
		if (!pthread_equal(shared->workers[i], pthread_self()))
			pthread_join(shared->workers[i], NULL);
}

const struct snarl_scenario scenario = {
	.summary = "two threads whose argument is the address of the same variable",
	.refs = "CWE-362, CERT CON34-C, OSTEP 27",
	.state_size = sizeof(struct shared),
	.actors = {{"employer", employ}},
	.check = all_signed,
	.observe = {"signatures"},
	.expect = {.bug = SNARL_LOST_ITEM, .race_in = "work"},
};
