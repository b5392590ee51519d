/*
 * thread_pool/correct_counted_when_taken: a job is taken and marked as running under one lock.
 *
 * No other thread sees the moment between the two counts: for the client a job is queued, or
 * running, or done.
 *
 *   queued running  client                  alice
 *      1      0     submits a job
 *      0      1                             lock, takes and marks the job, unlock
 *      0      1     not idle: waits
 *      0      1                             results[0] = 1
 *      0      0                             lock, the last job: signals, unlock
 *      0      0     idle: reads results[0]
 */
#include <pthread.h>
#include <stdbool.h>

enum { JOBS = 1 }; /* one job and one worker are enough */

struct pool {
	pthread_mutex_t lock; /* guards all but results and missing */
	pthread_cond_t job_came;
	pthread_cond_t idle;
	int submitted, taken; /* jobs ever; those between them are queued */
	int running;	      /* jobs that were taken and have not ended */
	bool closed;
	int results[JOBS]; /* the worker's that has the job; the client's once the pool is idle */
	int missing;	   /* results that the client did not find; its own */
};

#include "common.h"

static void job_submit(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->submitted++;
	pthread_cond_signal(&pool->job_came);
	pthread_mutex_unlock(&pool->lock);
}

static int job_take(struct pool *pool)
{
	int job = -1;

	pthread_mutex_lock(&pool->lock);
	while (pool->taken == pool->submitted && !pool->closed)
		pthread_cond_wait(&pool->job_came, &pool->lock);
	if (pool->taken < pool->submitted) {
		job = pool->taken++;
		pool->running++;
	}
	pthread_mutex_unlock(&pool->lock);
	return job;
}

static void job_done(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->running--;
	if (pool->taken == pool->submitted && pool->running == 0)
		pthread_cond_signal(&pool->idle);
	pthread_mutex_unlock(&pool->lock);
}

static void idle_wait(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	while (pool->taken < pool->submitted || pool->running > 0)
		pthread_cond_wait(&pool->idle, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
}

const struct snarl_scenario scenario = {
	.summary = "thread pool whose jobs are counted as running when they are taken",
	.refs = "CWE-362, CERT CON43-C, OSTEP 32",
	.state_size = sizeof(struct pool),
	.actors = {{"client", submit_and_wait}, {"alice", work}},
	.setup = setup,
	.check = every_result_there,
	.teardown = teardown,
	.observe = {"submitted", "taken", "running", "results", "missing"},
};
