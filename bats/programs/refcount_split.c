/*
 * refcount_split: a user of an object decrements the count and tests it in two steps.
 *
 * Both users decrement before either tests. Both see 0, and the object is destroyed twice. The fix
 * tests the value that the decrement returns.
 *
 * Shows: assertion
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

static atomic_int references = 2;
static atomic_bool destroyed;

static void destroy(void)
{
	assert(!atomic_exchange(&destroyed, true));
}

static void *user(void *unused)
{
	(void)unused;
#ifdef FIXED
	if (atomic_fetch_sub(&references, 1) == 1)
		destroy();
#else
	atomic_fetch_sub(&references, 1);
	if (references == 0)
		destroy();
#endif
	return NULL;
}

int main(void)
{
	pthread_t users[2];

	pthread_create(&users[0], NULL, user, NULL);
	pthread_create(&users[1], NULL, user, NULL);
	pthread_join(users[0], NULL);
	pthread_join(users[1], NULL);
	assert(destroyed);
	return 0;
}
