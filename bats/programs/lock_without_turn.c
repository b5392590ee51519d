/*
 * lock_without_turn: a home-made lock sets its own flag and waits until the other flag is clear.
 *
 * Both threads set their flags before either checks the other one, and both spin for ever. The fix
 * is Dekker's lock: the thread without the turn withdraws its flag.
 *
 * Shows: livelock
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
	wants[self] = true;
	while (wants[1 - self]) {
#ifdef FIXED
		if (turn != self) {
			wants[self] = false;
			while (turn != self)
				sched_yield();
			wants[self] = true;
		}
#endif
		sched_yield();
	}
}

static void unlock(int self)
{
#ifdef FIXED
	turn = 1 - self;
#endif
	wants[self] = false;
}

static void *worker(void *argument)
{
	int self = (int)(intptr_t)argument;

	lock(self);
	assert(atomic_fetch_add(&inside, 1) == 0);
	atomic_fetch_sub(&inside, 1);
	unlock(self);
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
