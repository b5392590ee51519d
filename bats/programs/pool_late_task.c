/*
 * pool_late_task: a thread pool accepts a task after it was stopped.
 *
 * The pool is stopped, the worker finds no task and leaves, and the client submits a task that is
 * never done. In the fix a stopped pool refuses tasks.
 *
 * Shows: assertion
 */
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int queued, accepted, done;
static bool stopped;

static bool submit(void)
{
	bool possible = true;

	pthread_mutex_lock(&lock);
#ifdef FIXED
	possible = !stopped;
#endif
	if (possible) {
		queued++;
		accepted++;
		pthread_cond_signal(&changed);
	}
	pthread_mutex_unlock(&lock);
	return possible;
}

static void *worker(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	for (;;) {
		while (queued == 0 && !stopped)
			pthread_cond_wait(&changed, &lock);
		if (queued == 0)
			break;
		queued--;
		done++;
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void *client(void *unused)
{
	(void)unused;
	if (submit())
		submit();
	return NULL;
}

static void stop(void)
{
	pthread_mutex_lock(&lock);
	stopped = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

int main(void)
{
	pthread_t threads[2];

	pthread_create(&threads[0], NULL, worker, NULL);
	pthread_create(&threads[1], NULL, client, NULL);
	stop();
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	assert(done == accepted);
	return 0;
}
