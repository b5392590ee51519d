/*
 * barrier_under_lock: the leader waits at the barrier and holds a lock that the others need first.
 *
 * The leader locks before some follower has added its part. That follower waits for the lock, and
 * the leader waits for the follower at the barrier. The fix unlocks before the barrier.
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
static pthread_barrier_t all_added;
static int sum;

static void *leader(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	sum++;
#ifdef FIXED
	pthread_mutex_unlock(&lock);
	pthread_barrier_wait(&all_added);
#else
	pthread_barrier_wait(&all_added);
	pthread_mutex_unlock(&lock);
#endif
	return NULL;
}

static void *follower(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	sum++;
	pthread_mutex_unlock(&lock);
	pthread_barrier_wait(&all_added);
	return NULL;
}

int main(void)
{
	pthread_t threads[PARTIES];

	pthread_barrier_init(&all_added, NULL, PARTIES);
	for (int i = 0; i < PARTIES; i++)
		pthread_create(&threads[i], NULL, i == 0 ? leader : follower, NULL);
	for (int i = 0; i < PARTIES; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&all_added);
	assert(sum == PARTIES);
	return 0;
}
