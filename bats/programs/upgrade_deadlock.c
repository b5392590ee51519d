/*
 * upgrade_deadlock: two readers of a home-made lock both upgrade to writers.
 *
 * Each upgrader waits until it is the only reader, and so for the other one. In the fix a second
 * upgrade fails at once; that reader leaves, which lets the first one write, and starts again.
 *
 * Shows: deadlock
 */
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int readers;
static bool upgrading; /* a reader wants to write, or writes */
static int entries;    /* what the home-made lock protects */

static void read_begin(void)
{
	pthread_mutex_lock(&lock);
#ifdef FIXED
	while (upgrading)
		pthread_cond_wait(&changed, &lock);
#endif
	readers++;
	pthread_mutex_unlock(&lock);
}

static void read_end(void)
{
	pthread_mutex_lock(&lock);
	readers--;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static bool upgrade(void)
{
	bool possible = true;

	pthread_mutex_lock(&lock);
#ifdef FIXED
	possible = !upgrading;
#endif
	if (possible) {
		upgrading = true;
		while (readers > 1)
			pthread_cond_wait(&changed, &lock);
	}
	pthread_mutex_unlock(&lock);
	return possible;
}

static void write_end(void)
{
	pthread_mutex_lock(&lock);
	upgrading = false;
	readers--;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static void *adder(void *unused)
{
	(void)unused;
	for (read_begin(); !upgrade(); read_begin())
		read_end();
	entries++;
	write_end();
	return NULL;
}

int main(void)
{
	pthread_t adders[2];

	pthread_create(&adders[0], NULL, adder, NULL);
	pthread_create(&adders[1], NULL, adder, NULL);
	pthread_join(adders[0], NULL);
	pthread_join(adders[1], NULL);
	assert(entries == 2);
	return 0;
}
