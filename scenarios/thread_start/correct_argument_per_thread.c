/*
 * thread_start/correct_argument_per_thread: each thread has an argument of its own.
 *
 * A job stays unchanged from before its thread starts until the thread was joined, and creating a
 * thread hands over all that was written before. A thread gets its handle from pthread_self, not
 * from its creator. If a thread cannot be started, the employer does the job, and joins nobody.
 *
 *   employer                          worker 0                  worker 1
 *   jobs[0].number = 0
 *   create worker 0
 *   jobs[1].number = 1                number = 0
 *   create worker 1                   signs job 0
 *   join worker 0                                               number = 1
 *   join worker 1                                               signs job 1
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
	.summary = "two threads, each with an argument of its own",
	.refs = "CWE-362, CERT CON34-C, OSTEP 27",
	.state_size = sizeof(struct shared),
	.actors = {{"employer", employ}},
	.check = all_signed,
	.observe = {"signatures"},
	.inject = {"posix/thread/create:errno=EAGAIN:p=0.1"},
	.expect = {.bug = SNARL_NO_BUG},
};
