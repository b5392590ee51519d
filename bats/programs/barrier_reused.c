/*
 * barrier_reused: a home-made barrier, whose waiters wait until the counter is back at 0.
 *
 * The last thread of the first round resets the counter and comes to the second round before the
 * other thread wakes. That one finds the counter at 1 and waits on, and both wait for each other in
 * different rounds. In the fix a waiter waits for the number of the round to change.
 *
 * Shows: deadlock, lost wakeup
 */
#include <pthread.h>
#include <stddef.h>

enum { THREADS = 2, ROUNDS = 2 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t complete = PTHREAD_COND_INITIALIZER;
static int arrived;
#ifdef FIXED
static int rounds;
#endif

static void barrier(void)
{
	pthread_mutex_lock(&lock);
#ifdef FIXED
	int mine = rounds;

	if (++arrived == THREADS) {
		arrived = 0;
		rounds++;
		pthread_cond_broadcast(&complete);
	}
	while (rounds == mine)
		pthread_cond_wait(&complete, &lock);
#else
	if (++arrived == THREADS) {
		arrived = 0;
		pthread_cond_broadcast(&complete);
	}
	while (arrived != 0)
		pthread_cond_wait(&complete, &lock);
#endif
	pthread_mutex_unlock(&lock);
}

static void *worker(void *unused)
{
	(void)unused;
	for (int i = 0; i < ROUNDS; i++)
		barrier();
	return NULL;
}

int main(void)
{
	pthread_t workers[THREADS];

	for (int i = 0; i < THREADS; i++)
		pthread_create(&workers[i], NULL, worker, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(workers[i], NULL);
	return 0;
}
