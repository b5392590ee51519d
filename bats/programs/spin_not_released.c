/*
 * spin_not_released: a consumer that finds nothing returns without releasing a home-made spin lock.
 *
 * The consumer comes before the producer, finds nothing and leaves. The producer then spins for
 * ever. The fix releases the lock on that path as well.
 *
 * Shows: livelock
 */
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

static atomic_flag busy = ATOMIC_FLAG_INIT;
static int items; /* under busy */

static void lock(void)
{
	while (atomic_flag_test_and_set(&busy))
		sched_yield();
}

static void unlock(void)
{
	atomic_flag_clear(&busy);
}

static bool take(void)
{
	lock();
	if (items == 0) {
#ifdef FIXED
		unlock();
#endif
		return false;
	}
	items--;
	unlock();
	return true;
}

static void *consumer(void *argument)
{
	bool *taken = argument;

	*taken = take();
	return NULL;
}

static void *producer(void *unused)
{
	(void)unused;
	lock();
	items++;
	unlock();
	return NULL;
}

int main(void)
{
	pthread_t threads[2];
	bool taken;

	pthread_create(&threads[0], NULL, consumer, &taken);
	pthread_create(&threads[1], NULL, producer, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	assert(items == (taken ? 0 : 1));
	return 0;
}
