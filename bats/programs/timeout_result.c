/*
 * timeout_result: a caller waits for a result with a timeout and uses the result in any case.
 *
 * The wait ends after a millisecond, before the worker has stored its result, and the caller reads
 * through a null pointer. The fix uses a default if the wait timed out.
 *
 * Shows: crash
 */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t stored = PTHREAD_COND_INITIALIZER;
static const int computed = 42, by_default = 42;
static const int *result;

static void *worker(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	result = &computed;
	pthread_cond_signal(&stored);
	pthread_mutex_unlock(&lock);
	return NULL;
}

static struct timespec in_a_millisecond(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	time.tv_nsec += 1000000;
	time.tv_sec += time.tv_nsec / 1000000000;
	time.tv_nsec %= 1000000000;
	return time;
}

static const int *result_wait(void)
{
	struct timespec deadline = in_a_millisecond();
	const int *seen;
	int error = 0;

	pthread_mutex_lock(&lock);
	while (result == NULL && error != ETIMEDOUT)
		error = pthread_cond_timedwait(&stored, &lock, &deadline);
	seen = result;
	pthread_mutex_unlock(&lock);
	return seen;
}

int main(void)
{
	pthread_t thread;
	const int *seen;

	pthread_create(&thread, NULL, worker, NULL);
	seen = result_wait();
#ifdef FIXED
	if (seen == NULL)
		seen = &by_default;
#endif
	assert(*seen == by_default);
	pthread_join(thread, NULL);
	return 0;
}
