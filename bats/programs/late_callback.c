/*
 * late_callback: a listener is unregistered and destroyed while an event is on its way to it.
 *
 * The event source has read the listener and released the lock; the owner unregisters it and frees
 * its buffer; the callback then writes through a null pointer. The fix calls under the lock.
 *
 * Shows: crash, data race
 */
#include <pthread.h>
#include <stdlib.h>

struct listener {
	void (*on_event)(struct listener *self);
	int *buffer;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct listener *registered;

static void store_event(struct listener *self)
{
	*self->buffer = 1;
}

static struct listener window = {store_event, NULL};

static void *event_source(void *unused)
{
	struct listener *found;

	(void)unused;
	pthread_mutex_lock(&lock);
	found = registered;
#ifdef FIXED
	if (found != NULL)
		found->on_event(found);
	pthread_mutex_unlock(&lock);
#else
	pthread_mutex_unlock(&lock);
	if (found != NULL)
		found->on_event(found);
#endif
	return NULL;
}

static void window_close(void)
{
	pthread_mutex_lock(&lock);
	registered = NULL;
	pthread_mutex_unlock(&lock);
	free(window.buffer);
	window.buffer = NULL;
}

int main(void)
{
	pthread_t thread;

	window.buffer = calloc(1, sizeof(*window.buffer));
	registered = &window;
	pthread_create(&thread, NULL, event_source, NULL);
	window_close();
	pthread_join(thread, NULL);
	return 0;
}
