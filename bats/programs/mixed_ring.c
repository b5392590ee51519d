/*
 * mixed_ring: three threads need two of a mutex, a read-write lock and a semaphore each.
 *
 * Each thread has its first one and waits for the one that the next thread has. In the fix all
 * three keep to one order: mutex, read-write lock, semaphore.
 *
 * Shows: deadlock
 */
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

static pthread_mutex_t journal = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t index_lock = PTHREAD_RWLOCK_INITIALIZER;
static sem_t buffer;

static void *writer(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&journal);
	pthread_rwlock_wrlock(&index_lock);
	pthread_rwlock_unlock(&index_lock);
	pthread_mutex_unlock(&journal);
	return NULL;
}

static void *reader(void *unused)
{
	(void)unused;
	pthread_rwlock_rdlock(&index_lock);
	sem_wait(&buffer);
	sem_post(&buffer);
	pthread_rwlock_unlock(&index_lock);
	return NULL;
}

static void *flusher(void *unused)
{
	(void)unused;
#ifdef FIXED
	pthread_mutex_lock(&journal);
	sem_wait(&buffer);
#else
	sem_wait(&buffer);
	pthread_mutex_lock(&journal);
#endif
	sem_post(&buffer);
	pthread_mutex_unlock(&journal);
	return NULL;
}

int main(void)
{
	pthread_t threads[3];

	sem_init(&buffer, 0, 1);
	pthread_create(&threads[0], NULL, writer, NULL);
	pthread_create(&threads[1], NULL, reader, NULL);
	pthread_create(&threads[2], NULL, flusher, NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	sem_destroy(&buffer);
	return 0;
}
