/*
 * queue_if: a consumer checks once whether the queue is empty, waits, and takes.
 *
 * The producer puts an item and wakes the first consumer. The second consumer takes the item before
 * the first one has the lock again, and the first takes from an empty queue. The fix checks again
 * after each wait (while instead of if).
 *
 * Shows: assertion
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

enum { CONSUMERS = 2 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static int items;

static void *consumer(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
#ifdef FIXED
	while (items == 0)
		pthread_cond_wait(&filled, &lock);
#else
	if (items == 0)
		pthread_cond_wait(&filled, &lock);
#endif
	assert(items > 0);
	items--;
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void *producer(void *unused)
{
	(void)unused;
	for (int i = 0; i < CONSUMERS; i++) {
		pthread_mutex_lock(&lock);
		items++;
		pthread_cond_signal(&filled);
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

int main(void)
{
	pthread_t consumers[CONSUMERS], source;

	for (int i = 0; i < CONSUMERS; i++)
		pthread_create(&consumers[i], NULL, consumer, NULL);
	pthread_create(&source, NULL, producer, NULL);
	for (int i = 0; i < CONSUMERS; i++)
		pthread_join(consumers[i], NULL);
	pthread_join(source, NULL);
	return 0;
}
