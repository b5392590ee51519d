/*
 * down.h - wait for a semaphore, however often a signal interrupts the wait.
 */
#ifndef SCENARIOS_SHM_BUFFER_DOWN_H
#define SCENARIOS_SHM_BUFFER_DOWN_H

#include <errno.h>
#include <semaphore.h>
#include <stdbool.h>

/* A signal may end the wait early: the semaphore was not decremented then. */
static bool down(sem_t *semaphore)
{
	int answer;

	do
		answer = sem_wait(semaphore);
	while (answer != 0 && errno == EINTR);
	return answer == 0;
}

#endif
