/*
 * wrong_clock: the deadline is read from one clock, and the condition waits on the other.
 *
 * If the reply is not there yet, the wait compares a time since boot with the time of day, and
 * times out at once instead of after ten seconds. The fix makes the condition wait on
 * CLOCK_MONOTONIC as well.
 *
 * Shows: assertion
 */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t arrived;
static bool reply;

static void *server(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	reply = true;
	pthread_cond_signal(&arrived);
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void condition_make(void)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
#ifdef FIXED
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
#endif
	pthread_cond_init(&arrived, &attributes);
	pthread_condattr_destroy(&attributes);
}

static bool is_over(const struct timespec *time)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec > time->tv_sec ||
	       (now.tv_sec == time->tv_sec && now.tv_nsec >= time->tv_nsec);
}

int main(void)
{
	pthread_t thread;
	struct timespec deadline;
	int error = 0;

	condition_make();
	pthread_create(&thread, NULL, server, NULL);
	clock_gettime(CLOCK_MONOTONIC, &deadline);
	deadline.tv_sec += 10;
	pthread_mutex_lock(&lock);
	while (!reply && error == 0)
		error = pthread_cond_timedwait(&arrived, &lock, &deadline);
	pthread_mutex_unlock(&lock);
	assert(error != ETIMEDOUT || is_over(&deadline));
	pthread_join(thread, NULL);
	pthread_cond_destroy(&arrived);
	return 0;
}
