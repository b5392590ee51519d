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

static const int computed = 42;
#ifdef FIXED
static const int by_default = 42;
#endif

struct job {
	pthread_mutex_t lock;
	pthread_cond_t stored;
	const int *result;
};

static void *worker(void *argument)
{
	struct job *job = argument;

	pthread_mutex_lock(&job->lock);
	job->result = &computed;
	pthread_cond_signal(&job->stored);
	pthread_mutex_unlock(&job->lock);
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

static const int *result_wait(struct job *job)
{
	struct timespec deadline = in_a_millisecond();
	const int *result;
	int error = 0;

	pthread_mutex_lock(&job->lock);
	while (job->result == NULL && error != ETIMEDOUT)
		error = pthread_cond_timedwait(&job->stored, &job->lock, &deadline);
	result = job->result;
	pthread_mutex_unlock(&job->lock);
	return result;
}

int main(void)
{
	struct job job = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL};
	pthread_t thread;
	const int *result;

	pthread_create(&thread, NULL, worker, &job);
	result = result_wait(&job);
#ifdef FIXED
	if (result == NULL)
		result = &by_default;
#endif
	assert(*result == 42);
	pthread_join(thread, NULL);
	return 0;
}
