/*
 * thread_pool/correct_unfinished_counted: one count of jobs, from submission to their end.
 *
 * The client counts a job when it submits it, and a worker takes it off the count when it has
 * ended. What happens to the job in between does not concern the count, so there is no moment at
 * which the job is missing in it.
 *
 *   unfinished  client                  alice
 *       1       submits a job
 *       1                               lock, takes the job, unlock
 *       1       not idle: waits
 *       1                               results[0] = 1
 *       0                               lock, the last job: signals, unlock
 *       0       idle: reads results[0]
 */
#include <pthread.h>
#include <stdbool.h>

enum { JOBS = 1 }; /* one job and one worker are enough */

struct pool {
	pthread_mutex_t lock; /* guards all but results and missing */
	pthread_cond_t job_came;
	pthread_cond_t idle;
	int submitted, taken; /* jobs ever; those between them are queued */
	int unfinished;	      /* jobs that were submitted and have not ended */
	bool closed;
	int results[JOBS]; /* the worker's that has the job; the client's once the pool is idle */
	int missing;	   /* results that the client did not find; its own */
};

#include "common.h"

static void job_submit(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->submitted++;
	pool->unfinished++;
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
	return job;
}

static void job_done(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	if (--pool->unfinished == 0)
		pthread_cond_signal(&pool->idle);
	pthread_mutex_unlock(&pool->lock);
}

static void idle_wait(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	while (pool->unfinished > 0)
		pthread_cond_wait(&pool->idle, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
}

const struct snarl_scenario scenario = {
	.summary = "thread pool with one count of the jobs that have not ended",
	.refs = "CWE-362, CERT CON43-C, OSTEP 32",
	.state_size = sizeof(struct pool),
	.actors = {{"client", submit_and_wait}, {"alice", work}},
	.setup = setup,
	.check = every_result_there,
	.teardown = teardown,
	.observe = {"submitted", "taken", "unfinished", "results", "missing"},
};
