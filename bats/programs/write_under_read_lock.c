/*
 * write_under_read_lock: a reader counts its visits while it holds the lock for reading only.
 *
 * Two readers hold the lock at a time, both read the counter, and one increment is lost. The fix
 * takes the lock for writing.
 *
 * Shows: data race, assertion
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static int visits;

static void *reader(void *unused)
{
	(void)unused;
#ifdef FIXED
	pthread_rwlock_wrlock(&lock);
#else
	pthread_rwlock_rdlock(&lock);
#endif
	visits++;
	pthread_rwlock_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t readers[2];

	pthread_create(&readers[0], NULL, reader, NULL);
	pthread_create(&readers[1], NULL, reader, NULL);
	pthread_join(readers[0], NULL);
	pthread_join(readers[1], NULL);
	assert(visits == 2);
	return 0;
}
