/*
 * semaphore_ring: trains on a ring take the block of the line that is theirs, then the next one.
 *
 * Each train has its own block (a semaphore of value 1) and waits for the block ahead, which has a
 * train as well. The fix admits one train fewer than there are blocks.
 *
 * Shows: deadlock
 * Builds: PARTIES=2 PARTIES=3 PARTIES=4 PARTIES=5
 */
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <stdint.h>

#ifndef PARTIES
#define PARTIES 3
#endif

#ifdef FIXED
enum { ADMITTED = PARTIES - 1 };
#else
enum { ADMITTED = PARTIES };
#endif

static sem_t blocks[PARTIES], line;

static void *train(void *argument)
{
	int own = (int)(intptr_t)argument, ahead = (own + 1) % PARTIES;

	sem_wait(&line);
	sem_wait(&blocks[own]);
	sem_wait(&blocks[ahead]);
	sem_post(&blocks[own]);
	sem_post(&blocks[ahead]);
	sem_post(&line);
	return NULL;
}

int main(void)
{
	pthread_t trains[PARTIES];

	sem_init(&line, 0, ADMITTED);
	for (int i = 0; i < PARTIES; i++)
		sem_init(&blocks[i], 0, 1);
	for (int i = 0; i < PARTIES; i++)
		pthread_create(&trains[i], NULL, train, (void *)(intptr_t)i);
	for (int i = 0; i < PARTIES; i++)
		pthread_join(trains[i], NULL);
	for (int i = 0; i < PARTIES; i++)
		sem_destroy(&blocks[i]);
	sem_destroy(&line);
	return 0;
}
