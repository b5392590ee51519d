/*
 * rwlock_ring: an editor reads one chapter and writes the next one, in a ring.
 *
 * Each editor has the read lock of its own chapter and waits for the write lock of the next one,
 * which its reader does not release. The fix locks the chapter with the lower number first.
 *
 * Shows: deadlock
 * Builds: PARTIES=2 PARTIES=3 PARTIES=4 PARTIES=5
 */
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#ifndef PARTIES
#define PARTIES 2
#endif

static struct chapter {
	pthread_rwlock_t lock;
	int heading;
} chapters[PARTIES];

static void lock_both(int own, int next)
{
#ifdef FIXED
	if (next < own) {
		pthread_rwlock_wrlock(&chapters[next].lock);
		pthread_rwlock_rdlock(&chapters[own].lock);
		return;
	}
#endif
	pthread_rwlock_rdlock(&chapters[own].lock);
	pthread_rwlock_wrlock(&chapters[next].lock);
}

static void *editor(void *argument)
{
	int own = (int)(intptr_t)argument, next = (own + 1) % PARTIES;

	lock_both(own, next);
	chapters[next].heading = chapters[own].heading + 1;
	pthread_rwlock_unlock(&chapters[next].lock);
	pthread_rwlock_unlock(&chapters[own].lock);
	return NULL;
}

int main(void)
{
	pthread_t editors[PARTIES];

	for (int i = 0; i < PARTIES; i++)
		pthread_rwlock_init(&chapters[i].lock, NULL);
	for (int i = 0; i < PARTIES; i++)
		pthread_create(&editors[i], NULL, editor, (void *)(intptr_t)i);
	for (int i = 0; i < PARTIES; i++)
		pthread_join(editors[i], NULL);
	for (int i = 0; i < PARTIES; i++)
		pthread_rwlock_destroy(&chapters[i].lock);
	return 0;
}
