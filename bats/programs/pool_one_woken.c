/*
 * pool_one_woken: a pool with two workers is stopped by one signal.
 *
 * Both workers wait for tasks when the pool is stopped. The signal wakes one of them, and the other
 * waits for ever. The fix wakes all workers.
 *
 * Shows: deadlock
 */
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

enum { WORKERS = 2 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int queued, done;
static bool stopped;

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

static void submit(void)
{
	pthread_mutex_lock(&lock);
	queued++;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
}

static void stop(void)
{
	pthread_mutex_lock(&lock);
	stopped = true;
#ifdef FIXED
	pthread_cond_broadcast(&changed);
#else
	pthread_cond_signal(&changed);
#endif
	pthread_mutex_unlock(&lock);
}

int main(void)
{
	pthread_t workers[WORKERS];

	for (int i = 0; i < WORKERS; i++)
		pthread_create(&workers[i], NULL, worker, NULL);
	submit();
	stop();
	for (int i = 0; i < WORKERS; i++)
		pthread_join(workers[i], NULL);
	assert(done == 1);
	return 0;
}
