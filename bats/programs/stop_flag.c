/*
 * stop_flag: a worker polls a plain flag that another thread sets.
 *
 * The worker reads the flag while the main thread writes it. That is a data race, and a compiler
 * may read the flag only once, so that the worker never stops. The fix makes the flag atomic.
 *
 * Shows: data race, livelock
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef FIXED
static atomic_bool stop;
#else
static bool stop;
#endif

static void *worker(void *unused)
{
	(void)unused;
	while (!stop)
		sched_yield();
	return NULL;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, worker, NULL);
	stop = true;
	pthread_join(thread, NULL);
	return 0;
}
