/*
 * closed_twice: two threads close a channel, each if it finds the channel open.
 *
 * Both find the buffer before either removes it, and the buffer is freed twice. The fix takes the
 * pointer away in the step that reads it.
 *
 * Shows: crash
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static char *_Atomic buffer;

static void channel_close(void)
{
#ifdef FIXED
	free(atomic_exchange(&buffer, NULL));
#else
	char *mine = buffer;

	if (mine != NULL) {
		buffer = NULL;
		free(mine);
	}
#endif
}

static void *closer(void *unused)
{
	(void)unused;
	channel_close();
	return NULL;
}

int main(void)
{
	pthread_t closers[2];

	buffer = malloc(4096);
	for (int i = 0; i < 2; i++)
		pthread_create(&closers[i], NULL, closer, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(closers[i], NULL);
	return 0;
}
