/*
 * semaphore_under_lock: a consumer waits for an item while it holds the lock of the buffer.
 *
 * The consumer locks the empty buffer and waits for the semaphore; the producer needs the lock to
 * put an item. The fix waits for the semaphore first.
 *
 * Shows: deadlock
 */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sem_t filled;
static int count;

static void *consumer(void *unused)
{
	(void)unused;
#ifdef FIXED
	sem_wait(&filled);
	pthread_mutex_lock(&lock);
#else
	pthread_mutex_lock(&lock);
	sem_wait(&filled);
#endif
	assert(count > 0);
	count--;
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void *producer(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	count++;
	pthread_mutex_unlock(&lock);
	sem_post(&filled);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	sem_init(&filled, 0, 0);
	pthread_create(&threads[0], NULL, consumer, NULL);
	pthread_create(&threads[1], NULL, producer, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	sem_destroy(&filled);
	assert(count == 0);
	return 0;
}
