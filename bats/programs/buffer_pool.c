/*
 * buffer_pool: a copier takes two buffers of a pool one by one, waiting on a condition for each.
 *
 * Each copier has one buffer, none is left, and all wait for a second one. The fix waits until two
 * buffers are free and takes both at once.
 *
 * Shows: deadlock
 * Builds: PARTIES=2 PARTIES=3 PARTIES=4 PARTIES=5
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

#ifndef PARTIES
#define PARTIES 2
#endif

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t returned = PTHREAD_COND_INITIALIZER;
static int available = PARTIES;

static void take(int count)
{
	pthread_mutex_lock(&lock);
	while (available < count)
		pthread_cond_wait(&returned, &lock);
	available -= count;
	pthread_mutex_unlock(&lock);
}

static void give_back(int count)
{
	pthread_mutex_lock(&lock);
	available += count;
	pthread_cond_broadcast(&returned);
	pthread_mutex_unlock(&lock);
}

static void *copier(void *unused)
{
	(void)unused;
#ifdef FIXED
	take(2);
#else
	take(1);
	take(1);
#endif
	give_back(2);
	return NULL;
}

int main(void)
{
	pthread_t copiers[PARTIES];

	for (int i = 0; i < PARTIES; i++)
		pthread_create(&copiers[i], NULL, copier, NULL);
	for (int i = 0; i < PARTIES; i++)
		pthread_join(copiers[i], NULL);
	assert(available == PARTIES);
	return 0;
}
