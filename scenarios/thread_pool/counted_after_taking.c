/*
 * thread_pool/counted_after_taking: a worker takes a job, and marks it as running later.
 *
 * In between the job is neither queued nor running, so the pool looks idle although its last job
 * has not begun. Each count is right and guarded by the lock, but the invariant spans both of them.
 *
 *   queued running  client                  alice
 *      1      0     submits a job
 *      0      0                             lock, takes the job, unlock
 *      0      0     idle: reads results[0]
 *      0      1                             lock, marks it as running, unlock
 *      0      1                             results[0] = 1
 */
#include <pthread.h>
#include <stdbool.h>

enum { JOBS = 1 }; /* one job and one worker are enough */

struct pool {
	pthread_mutex_t lock; /* guards all but results and missing */
	pthread_cond_t job_came;
	pthread_cond_t idle;
	int submitted, taken; /* jobs ever; those between them are queued */
	int running;	      /* jobs that workers have marked as running */
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
	if (pool->taken < pool->submitted)
		job = pool->taken++;
	pthread_mutex_unlock(&pool->lock);
	if (job < 0)
		return -1;
	/* The client misses a job that is counted nowhere now. */
	SNARL_POINT("job_take/not_counted");
	pthread_mutex_lock(&pool->lock);
	pool->running++;
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
	.summary = "thread pool whose jobs are counted as running after they were taken",
	.refs = "CWE-362, CWE-821, CERT CON43-C, OSTEP 32",
	.state_size = sizeof(struct pool),
	.actors = {{"client", submit_and_wait}, {"alice", work}},
	.setup = setup,
	.check = every_result_there,
	.teardown = teardown,
	.observe = {"submitted", "taken", "running", "results", "missing"},
	.expect = {.bug = SNARL_STALE_READ, .race_in = "work"},
};
