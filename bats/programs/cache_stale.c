/*
 * cache_stale: a thread keeps a copy of a value and its version, and reads the version last.
 *
 * The thread copies the old value, the value and its version change, and the thread notes the new
 * version. It takes the old value for current from then on. The fix reads the version first.
 *
 * Shows: assertion
 */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int value = 1, version = 1;
static sem_t updated;
static _Thread_local int cached_value, cached_version;

static int lookup(void)
{
	int current = version;

	if (current != cached_version) {
		cached_value = value;
#ifdef FIXED
		cached_version = current;
#else
		cached_version = version;
#endif
	}
	return cached_value;
}

static void *reader(void *unused)
{
	(void)unused;
	lookup();
	sem_wait(&updated);
	assert(lookup() == 2);
	return NULL;
}

static void *updater(void *unused)
{
	(void)unused;
	value = 2;
	version = 2;
	sem_post(&updated);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	sem_init(&updated, 0, 0);
	pthread_create(&threads[0], NULL, reader, NULL);
	pthread_create(&threads[1], NULL, updater, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	sem_destroy(&updated);
	return 0;
}
