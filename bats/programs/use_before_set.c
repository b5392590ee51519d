/*
 * use_before_set: a thread uses a pointer that its creator sets after the creation.
 *
 * The thread runs before its creator continues, and writes through a null pointer. The fix sets the
 * pointer before the thread is created.
 *
 * Shows: crash
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static int *_Atomic settings;

static void *server(void *unused)
{
	int *mine = settings;

	(void)unused;
	*mine = 1;
	return NULL;
}

int main(void)
{
	pthread_t thread;
	int *made = calloc(1, sizeof(*made));

#ifdef FIXED
	settings = made;
#endif
	pthread_create(&thread, NULL, server, NULL);
#ifndef FIXED
	settings = made;
#endif
	pthread_join(thread, NULL);
	assert(*made == 1);
	free(made);
	return 0;
}
