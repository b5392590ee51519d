/* queue.h - a bounded queue of numbers, for any number of producers and consumers. */
#ifndef QUEUE_H
#define QUEUE_H

struct queue;

/* A queue for so many numbers; NULL: out of memory. */
struct queue *queue_new(unsigned capacity);
void queue_free(struct queue *queue);

/* Wait until there is room. */
void queue_put(struct queue *queue, int number);

/* Wait until there is a number. */
int queue_take(struct queue *queue);

#endif
