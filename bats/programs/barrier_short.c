/*
 * barrier_short: a worker that got no task leaves without coming to the barrier.
 *
 * One worker takes all tasks before the other takes any. The other leaves, and the first waits at
 * the barrier for ever. In the fix every worker comes to the barrier.
 *
 * Shows: deadlock
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

enum { WORKERS = 2, TASKS = 2 };

static pthread_barrier_t all_done;
static atomic_int next_task, done;

static void *worker(void *unused)
{
	int taken = 0;

	(void)unused;
	while (atomic_fetch_add(&next_task, 1) < TASKS) {
		taken++;
		done++;
	}
#ifndef FIXED
	if (taken == 0)
		return NULL;
#endif
	pthread_barrier_wait(&all_done);
	assert(done == TASKS);
	return NULL;
}

int main(void)
{
	pthread_t workers[WORKERS];

	pthread_barrier_init(&all_done, NULL, WORKERS);
	for (int i = 0; i < WORKERS; i++)
		pthread_create(&workers[i], NULL, worker, NULL);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(workers[i], NULL);
	pthread_barrier_destroy(&all_done);
	return 0;
}
