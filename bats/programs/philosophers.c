/*
 * philosophers: each philosopher takes the left fork (a mutex), then the right one.
 *
 * Each has taken the left fork and waits for the right one, which is the neighbour's left fork. The
 * fix takes the fork with the lower number first.
 *
 * Shows: deadlock
 * Builds: PARTIES=2 PARTIES=3 PARTIES=4 PARTIES=5
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#ifndef PARTIES
#define PARTIES 5
#endif

static pthread_mutex_t forks[PARTIES];
static int meals[PARTIES]; /* by philosopher; used by that one only */

static void *philosopher(void *argument)
{
	int self = (int)(intptr_t)argument;
	int first = self, second = (self + 1) % PARTIES;

#ifdef FIXED
	if (second < first) {
		first = second;
		second = self;
	}
#endif
	pthread_mutex_lock(&forks[first]);
	pthread_mutex_lock(&forks[second]);
	meals[self]++;
	pthread_mutex_unlock(&forks[second]);
	pthread_mutex_unlock(&forks[first]);
	return NULL;
}

int main(void)
{
	pthread_t threads[PARTIES];

	for (int i = 0; i < PARTIES; i++)
		pthread_mutex_init(&forks[i], NULL);
	for (int i = 0; i < PARTIES; i++)
		pthread_create(&threads[i], NULL, philosopher, (void *)(intptr_t)i);
	for (int i = 0; i < PARTIES; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < PARTIES; i++) {
		assert(meals[i] == 1);
		pthread_mutex_destroy(&forks[i]);
	}
	return 0;
}
