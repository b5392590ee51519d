/*
 * nested_monitor: a consumer waits on a condition of the inner lock and keeps the outer one.
 *
 * The consumer finds the queue empty and waits; the wait releases the lock of the queue only. The
 * producer needs the lock of the registry to find the queue. The fix releases it before waiting.
 *
 * Shows: deadlock
 */
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;

static struct queue {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	int items;
} the_queue = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};

static struct queue *registered = &the_queue; /* under registry_lock */

static void *consumer(void *unused)
{
	struct queue *queue;

	(void)unused;
	pthread_mutex_lock(&registry_lock);
	queue = registered;
#ifdef FIXED
	pthread_mutex_unlock(&registry_lock);
#endif
	pthread_mutex_lock(&queue->lock);
	while (queue->items == 0)
		pthread_cond_wait(&queue->filled, &queue->lock);
	queue->items--;
	pthread_mutex_unlock(&queue->lock);
#ifndef FIXED
	pthread_mutex_unlock(&registry_lock);
#endif
	return NULL;
}

static void *producer(void *unused)
{
	struct queue *queue;

	(void)unused;
	pthread_mutex_lock(&registry_lock);
	queue = registered;
	pthread_mutex_unlock(&registry_lock);
	pthread_mutex_lock(&queue->lock);
	queue->items++;
	pthread_cond_signal(&queue->filled);
	pthread_mutex_unlock(&queue->lock);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	pthread_create(&threads[0], NULL, consumer, NULL);
	pthread_create(&threads[1], NULL, producer, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	return 0;
}
