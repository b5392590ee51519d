/*
 * flag_lock: a home-made lock checks the flag of the other thread before it sets its own.
 *
 * Both threads see that the other does not want the lock, and both enter. The fix is Peterson's
 * lock: set the own flag first, give the turn away, then check.
 *
 * Shows: assertion
 */
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static atomic_bool wants[2];
static atomic_int inside;
#ifdef FIXED
static atomic_int turn;
#endif

static void lock(int self)
{
	int other = 1 - self;

#ifdef FIXED
	wants[self] = true;
	turn = other;
	while (wants[other] && turn == other)
		sched_yield();
#else
	while (wants[other])
		sched_yield();
	wants[self] = true;
#endif
}

static void *worker(void *argument)
{
	int self = (int)(intptr_t)argument;

	lock(self);
	assert(atomic_fetch_add(&inside, 1) == 0);
	atomic_fetch_sub(&inside, 1);
	wants[self] = false;
	return NULL;
}

int main(void)
{
	pthread_t workers[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&workers[i], NULL, worker, (void *)(intptr_t)i);
	for (int i = 0; i < 2; i++)
		pthread_join(workers[i], NULL);
	return 0;
}
