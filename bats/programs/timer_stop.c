/*
 * timer_stop: a timer is stopped under the lock that its callback takes.
 *
 * The timer has fired and its callback waits for the lock, while the main thread holds the lock and
 * waits for the timer's thread to end. The fix releases the lock before it stops the timer.
 *
 * Shows: deadlock
 */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sem_t cancelled;
static int expirations;

static void on_expiry(void)
{
	pthread_mutex_lock(&lock);
	expirations++;
	pthread_mutex_unlock(&lock);
}

static void *timer(void *unused)
{
	struct timespec time;

	(void)unused;
	clock_gettime(CLOCK_REALTIME, &time);
	time.tv_nsec += 1000000;
	time.tv_sec += time.tv_nsec / 1000000000;
	time.tv_nsec %= 1000000000;
	while (sem_timedwait(&cancelled, &time) != 0)
		if (errno == ETIMEDOUT) {
			on_expiry();
			break;
		}
	return NULL;
}

static void timer_stop(pthread_t thread)
{
	sem_post(&cancelled);
	pthread_join(thread, NULL);
}

int main(void)
{
	pthread_t thread;
	int seen;

	sem_init(&cancelled, 0, 0);
	pthread_create(&thread, NULL, timer, NULL);
	pthread_mutex_lock(&lock);
	seen = expirations;
#ifdef FIXED
	pthread_mutex_unlock(&lock);
	timer_stop(thread);
#else
	timer_stop(thread);
	pthread_mutex_unlock(&lock);
#endif
	assert(seen <= expirations && expirations <= 1);
	sem_destroy(&cancelled);
	return 0;
}
