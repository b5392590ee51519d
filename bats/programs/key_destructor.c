/*
 * key_destructor: a thread's data is removed from a table when the thread exits.
 *
 * The worker reports that it is done, the main thread frees the table, and only then the worker
 * exits: the destructor of its data writes through a null pointer. The fix joins the worker first.
 *
 * Shows: crash
 */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

struct table {
	int users;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct table *table;
static pthread_key_t key;
static sem_t done;

static void data_destroy(void *data)
{
	free(data);
	pthread_mutex_lock(&lock);
	table->users--;
	pthread_mutex_unlock(&lock);
}

static void *worker(void *unused)
{
	(void)unused;
	pthread_setspecific(key, malloc(1));
	pthread_mutex_lock(&lock);
	table->users++;
	pthread_mutex_unlock(&lock);
	sem_post(&done);
	return NULL;
}

static void table_free(void)
{
	pthread_mutex_lock(&lock);
	free(table);
	table = NULL;
	pthread_mutex_unlock(&lock);
}

int main(void)
{
	pthread_t thread;

	table = calloc(1, sizeof(*table));
	sem_init(&done, 0, 0);
	pthread_key_create(&key, data_destroy);
	pthread_create(&thread, NULL, worker, NULL);
	sem_wait(&done);
#ifdef FIXED
	pthread_join(thread, NULL);
	assert(table->users == 0);
	table_free();
#else
	table_free();
	pthread_join(thread, NULL);
#endif
	pthread_key_delete(key);
	sem_destroy(&done);
	return 0;
}
