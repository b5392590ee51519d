/*
 * spin_ring: a thread moves a task to the next processor's queue and holds both spin locks.
 *
 * Each thread has the lock of its own queue and spins for the lock of the next one. The fix locks
 * the queue with the lower number first.
 *
 * Shows: deadlock, livelock
 * Builds: PARTIES=2 PARTIES=3 PARTIES=4 PARTIES=5
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#ifndef PARTIES
#define PARTIES 2
#endif

static struct queue {
	pthread_spinlock_t lock;
	int tasks;
} queues[PARTIES];

static void *balance(void *argument)
{
	int own = (int)(intptr_t)argument, next = (own + 1) % PARTIES;
	int first = own, second = next;

#ifdef FIXED
	if (second < first) {
		first = next;
		second = own;
	}
#endif
	pthread_spin_lock(&queues[first].lock);
	pthread_spin_lock(&queues[second].lock);
	queues[own].tasks--;
	queues[next].tasks++;
	pthread_spin_unlock(&queues[second].lock);
	pthread_spin_unlock(&queues[first].lock);
	return NULL;
}

int main(void)
{
	pthread_t threads[PARTIES];

	for (int i = 0; i < PARTIES; i++) {
		pthread_spin_init(&queues[i].lock, PTHREAD_PROCESS_PRIVATE);
		queues[i].tasks = 1;
	}
	for (int i = 0; i < PARTIES; i++)
		pthread_create(&threads[i], NULL, balance, (void *)(intptr_t)i);
	for (int i = 0; i < PARTIES; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < PARTIES; i++) {
		assert(queues[i].tasks == 1);
		pthread_spin_destroy(&queues[i].lock);
	}
	return 0;
}
