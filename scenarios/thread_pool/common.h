/*
 * common.h - a client submits jobs to a pool of workers, waits until the pool is idle, reads the
 * results and closes the pool. Each variant defines its `struct pool`, how a worker takes a job and
 * reports its end, and when the pool is idle; JOBS is the number of jobs.
 */
#ifndef SCENARIOS_THREAD_POOL_COMMON_H
#define SCENARIOS_THREAD_POOL_COMMON_H

#include <pthread.h>
#include <snarl.h>
#include <stdbool.h>

struct pool; /* each variant's own */

/* Add a job to the queue. */
static void job_submit(struct pool *pool);

/* Wait for a job and take it; returns its index, or -1 once the pool is closed. */
static int job_take(struct pool *pool);

/* Report that a job has ended. */
static void job_done(struct pool *pool);

/* Wait until no job is queued or runs. */
static void idle_wait(struct pool *pool);

static void work(void *state, struct snarl_actor *self)
{
	struct pool *pool = state;

	(void)self;
	for (int job = job_take(pool); job >= 0; job = job_take(pool)) {
		SNARL_POINT("work/job_taken");
		pool->results[job] = 1;
		job_done(pool);
	}
}

static void pool_close(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->closed = true;
	pthread_cond_broadcast(&pool->job_came);
	pthread_mutex_unlock(&pool->lock);
}

static void submit_and_wait(void *state, struct snarl_actor *self)
{
	struct pool *pool = state;

	(void)self;
	for (int i = 0; i < JOBS; i++)
		job_submit(pool);
	idle_wait(pool);
	for (int i = 0; i < JOBS; i++)
		pool->missing += !pool->results[i];
	pool_close(pool);
}

static void setup(void *state)
{
	struct pool *pool = state;

	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->job_came, NULL);
	pthread_cond_init(&pool->idle, NULL);
}

static void teardown(void *state)
{
	struct pool *pool = state;

	pthread_cond_destroy(&pool->idle);
	pthread_cond_destroy(&pool->job_came);
	pthread_mutex_destroy(&pool->lock);
}

static void every_result_there(void *state)
{
	const struct pool *pool = state;

	snarl_expect_eq(SNARL_STALE_READ, pool->missing, 0, "missing");
}

#endif
