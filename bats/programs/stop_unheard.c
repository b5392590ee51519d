/*
 * stop_unheard: a thread is stopped by a flag that is set without the lock of its condition.
 *
 * The worker has checked the flag and does not wait yet when the flag is set and the condition is
 * signalled. Nothing wakes it afterwards. The fix sets the flag under the lock.
 *
 * Shows: deadlock, lost wakeup
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wanted = PTHREAD_COND_INITIALIZER;
static atomic_bool stop;

static void *worker(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	while (!stop)
		pthread_cond_wait(&wanted, &lock);
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void worker_stop(void)
{
#ifdef FIXED
	pthread_mutex_lock(&lock);
	stop = true;
	pthread_mutex_unlock(&lock);
#else
	stop = true;
#endif
	pthread_cond_signal(&wanted);
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, worker, NULL);
	worker_stop();
	pthread_join(thread, NULL);
	return 0;
}
