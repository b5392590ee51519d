/*
 * order_setters: many setters write a pair of values, and one checker reads it.
 *
 * The checker reads after some setter wrote the credit and before any setter wrote the debit, so
 * that it sees half of the pair. The fix writes and reads the pair under a lock.
 *
 * Shows: assertion
 * Builds: SETTERS=3 SETTERS=10 SETTERS=50 SETTERS=100
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#ifndef SETTERS
#define SETTERS 3
#endif

#ifdef FIXED
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
#define PAIR_LOCK() pthread_mutex_lock(&lock)
#define PAIR_UNLOCK() pthread_mutex_unlock(&lock)
#else
#define PAIR_LOCK() (void)0
#define PAIR_UNLOCK() (void)0
#endif

static atomic_int credit, debit;

static void *setter(void *unused)
{
	(void)unused;
	PAIR_LOCK();
	credit = 1;
	debit = -1;
	PAIR_UNLOCK();
	return NULL;
}

static void *checker(void *unused)
{
	(void)unused;
	PAIR_LOCK();
	assert((credit == 0 && debit == 0) || (credit == 1 && debit == -1));
	PAIR_UNLOCK();
	return NULL;
}

int main(void)
{
	pthread_t setters[SETTERS], reader;

	for (int i = 0; i < SETTERS; i++)
		pthread_create(&setters[i], NULL, setter, NULL);
	pthread_create(&reader, NULL, checker, NULL);
	for (int i = 0; i < SETTERS; i++)
		pthread_join(setters[i], NULL);
	pthread_join(reader, NULL);
	return 0;
}
