/*
 * treiber_aba: a lock-free stack of free nodes, whose pop compares the top only (ABA).
 *
 * Alice reads the top 0 and its next 1. Bob takes 0 and 1 and puts 0 back. The top is 0 again, so
 * that Alice's exchange succeeds and makes 1 the top, which Bob still has; Alice takes it as well.
 * The fix keeps a tag beside the top, which each change increments.
 *
 * Shows: assertion
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { NODES = 3, NOTHING = NODES, TAG = 4 };

#ifdef FIXED
enum { CHANGED = TAG };
#else
enum { CHANGED = 0 };
#endif

static atomic_uint top;		/* the first node, plus a multiple of TAG */
static atomic_uint next[NODES]; /* by node; atomic, since pop may read the next of a pushed node */
static atomic_bool used[NODES];

static unsigned take(void)
{
	unsigned seen = top, node, rest;

	do {
		node = seen % TAG;
		if (node == NOTHING)
			return NOTHING;
		rest = next[node];
	} while (!atomic_compare_exchange_strong(&top, &seen, seen - node + CHANGED + rest));
	assert(!atomic_exchange(&used[node], true));
	return node;
}

static void put(unsigned node)
{
	unsigned seen = top;

	used[node] = false;
	do {
		next[node] = seen % TAG;
	} while (!atomic_compare_exchange_strong(&top, &seen, seen - seen % TAG + CHANGED + node));
}

static void *alice(void *unused)
{
	(void)unused;
	take();
	take();
	return NULL;
}

static void *bob(void *unused)
{
	unsigned first = take();

	(void)unused;
	take();
	if (first != NOTHING)
		put(first);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	for (unsigned i = 0; i < NODES; i++)
		next[i] = i + 1;
	pthread_create(&threads[0], NULL, alice, NULL);
	pthread_create(&threads[1], NULL, bob, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	return 0;
}
