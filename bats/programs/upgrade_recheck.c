/*
 * upgrade_recheck: a lookup releases the read lock, takes the write lock and fills the cache.
 *
 * Two lookups both miss under the read lock, and the second one fills what the first has filled
 * already. The fix checks again under the write lock.
 *
 * Shows: assertion
 */
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static bool cached;
static int fills;

static void fill(void)
{
	pthread_rwlock_wrlock(&lock);
#ifdef FIXED
	if (cached) {
		pthread_rwlock_unlock(&lock);
		return;
	}
#endif
	cached = true;
	fills++;
	pthread_rwlock_unlock(&lock);
}

static void *lookup(void *unused)
{
	bool hit;

	(void)unused;
	pthread_rwlock_rdlock(&lock);
	hit = cached;
	pthread_rwlock_unlock(&lock);
	if (!hit)
		fill();
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	pthread_create(&threads[0], NULL, lookup, NULL);
	pthread_create(&threads[1], NULL, lookup, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	assert(fills == 1);
	return 0;
}
