/*
 * self_join: each worker that ends joins one that ended earlier, and may find itself.
 *
 * A worker adds itself to the list and takes the oldest entry in a second critical section. Another
 * worker comes in between, and the oldest entry is the worker itself, or two workers take each
 * other. The fix adds and takes in one critical section.
 *
 * Shows: assertion, deadlock
 */
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

enum { WORKERS = 3 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t all_ended = PTHREAD_COND_INITIALIZER;
static pthread_t ended[WORKERS]; /* in the order in which they ended */
static int count, joined;

static void join_earlier(void)
{
	pthread_t earlier;
	bool any;

	pthread_mutex_lock(&lock);
	ended[count++] = pthread_self();
	if (count == WORKERS)
		pthread_cond_signal(&all_ended);
#ifndef FIXED
	pthread_mutex_unlock(&lock);
	pthread_mutex_lock(&lock);
#endif
	any = count - joined > 1;
	if (any)
		earlier = ended[joined++];
	pthread_mutex_unlock(&lock);
	if (any)
		assert(pthread_join(earlier, NULL) == 0);
}

static void *worker(void *unused)
{
	(void)unused;
	join_earlier();
	return NULL;
}

int main(void)
{
	pthread_t thread;

	for (int i = 0; i < WORKERS; i++)
		pthread_create(&thread, NULL, worker, NULL);
	pthread_mutex_lock(&lock);
	while (count < WORKERS)
		pthread_cond_wait(&all_ended, &lock);
	thread = ended[WORKERS - 1];
	pthread_mutex_unlock(&lock);
	assert(pthread_join(thread, NULL) == 0);
	return 0;
}
