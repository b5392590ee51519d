/*
 * cache_freed: a thread keeps a connection in a thread-local cache, and another thread closes it.
 *
 * The sender has cached the connection, the other thread reconnects and closes the old one, and the
 * sender uses it once more. The fix compares the generation of the cached connection before use.
 *
 * Shows: assertion
 */
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

enum { MESSAGES = 2 };

struct connection {
	bool open;
	int sent;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct connection connections[2] = {{.open = true}};
static struct connection *current = &connections[0];
static int generation = 1;

static _Thread_local struct connection *cached;
static _Thread_local int cached_generation;

static bool cache_is_valid(void)
{
#ifdef FIXED
	return cached_generation == generation;
#else
	return cached_generation != 0;
#endif
}

static void *sender(void *unused)
{
	(void)unused;
	for (int i = 0; i < MESSAGES; i++) {
		pthread_mutex_lock(&lock);
		if (!cache_is_valid()) {
			cached = current;
			cached_generation = generation;
		}
		assert(cached->open);
		cached->sent++;
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static void *reconnect(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	current->open = false;
	current = &connections[1];
	current->open = true;
	generation++;
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	pthread_create(&threads[0], NULL, sender, NULL);
	pthread_create(&threads[1], NULL, reconnect, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	assert(connections[0].sent + connections[1].sent == MESSAGES);
	return 0;
}
