/*
 * spsc_ring: a ring for one producer and one consumer, published in the wrong order.
 *
 * The producer advances the head before it fills the slot, and the consumer reads the old value of
 * the slot in between. The fix fills the slot first.
 *
 * Shows: data race, assertion
 */
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>

enum { SIZE = 2, ITEMS = 3 };

static int slots[SIZE];
static atomic_uint head; /* how many items were put; written by the producer only */
static atomic_uint tail; /* how many items were taken; written by the consumer only */

static void put(int item)
{
	unsigned at = head;

	while (at - tail == SIZE)
		sched_yield();
#ifdef FIXED
	slots[at % SIZE] = item;
	head = at + 1;
#else
	head = at + 1;
	slots[at % SIZE] = item;
#endif
}

static int take(void)
{
	unsigned at = tail;
	int item;

	while (head == at)
		sched_yield();
	item = slots[at % SIZE];
	tail = at + 1;
	return item;
}

static void *producer(void *unused)
{
	(void)unused;
	for (int i = 1; i <= ITEMS; i++)
		put(i);
	return NULL;
}

static void *consumer(void *unused)
{
	(void)unused;
	for (int i = 1; i <= ITEMS; i++)
		assert(take() == i);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	pthread_create(&threads[0], NULL, producer, NULL);
	pthread_create(&threads[1], NULL, consumer, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	return 0;
}
