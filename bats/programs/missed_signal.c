/*
 * missed_signal: a thread waits for a signal without checking whether it was sent already.
 *
 * The worker signals before the main thread waits. A condition remembers no signal, so that the
 * main thread waits for ever. The fix records the event in a flag and checks it before it waits.
 *
 * Shows: deadlock, lost wakeup
 */
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t finished = PTHREAD_COND_INITIALIZER;
static bool done;

static void *worker(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	done = true;
	pthread_cond_signal(&finished);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, worker, NULL);
	pthread_mutex_lock(&lock);
#ifdef FIXED
	while (!done)
		pthread_cond_wait(&finished, &lock);
#else
	pthread_cond_wait(&finished, &lock);
#endif
	pthread_mutex_unlock(&lock);
	pthread_join(thread, NULL);
	return done ? 0 : 1;
}
