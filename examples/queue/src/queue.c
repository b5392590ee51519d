/* queue.c - the queue. It has a bug; with -DFIXED it is correct. */
#include "queue.h"

#include <pthread.h>
#include <stdlib.h>

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t not_empty, not_full;
	unsigned capacity, count, first;
	int numbers[];
};

struct queue *queue_new(unsigned capacity)
{
	struct queue *queue = calloc(1, sizeof *queue + capacity * sizeof queue->numbers[0]);

	if (!queue)
		return NULL;
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->not_empty, NULL);
	pthread_cond_init(&queue->not_full, NULL);
	queue->capacity = capacity;
	return queue;
}

void queue_free(struct queue *queue)
{
	pthread_cond_destroy(&queue->not_full);
	pthread_cond_destroy(&queue->not_empty);
	pthread_mutex_destroy(&queue->lock);
	free(queue);
}

void queue_put(struct queue *queue, int number)
{
	pthread_mutex_lock(&queue->lock);
	while (queue->count == queue->capacity)
		pthread_cond_wait(&queue->not_full, &queue->lock);
	queue->numbers[(queue->first + queue->count++) % queue->capacity] = number;
	pthread_cond_signal(&queue->not_empty);
	pthread_mutex_unlock(&queue->lock);
}

int queue_take(struct queue *queue)
{
	int number;

	pthread_mutex_lock(&queue->lock);
#ifdef FIXED
	while (queue->count == 0)
#else
	if (queue->count == 0)
#endif
		pthread_cond_wait(&queue->not_empty, &queue->lock);
	number = queue->numbers[queue->first];
	queue->first = (queue->first + 1) % queue->capacity;
	queue->count--;
	pthread_cond_signal(&queue->not_full);
	pthread_mutex_unlock(&queue->lock);
	return number;
}
