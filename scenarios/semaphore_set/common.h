/*
 * common.h - processes work in turns, and need a licence for each. A System V set counts the
 * licences that are free. It belongs to no process and lasts until it is removed. Each variant says
 * how many PROCESSES and LICENCES there are, how a licence is taken, and what a process does with
 * the set when it ends.
 */
#ifndef SCENARIOS_SEMAPHORE_SET_COMMON_H
#define SCENARIOS_SEMAPHORE_SET_COMMON_H

#include <errno.h>
#include <snarl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/sem.h>

enum { FREE, USERS, SEMAPHORES }; /* licences that are free; processes that still use the set */
enum { TURNS = 3 };

struct office {
	int set;	     /* r/o after setup */
	_Atomic int refused; /* turns without a licence, because the set was gone */
};

/* SEM_UNDO, or 0: whether the kernel returns a licence when its holder dies. */
static const short licence_flags;

/* What a process does with the set as its last act. */
static void set_leave(struct office *office);

/* Do all operations at once, when all are possible; return whether they were done. */
static bool set_change(const struct office *office, struct sembuf *operations, size_t count)
{
	int error;

	do
		error = semop(office->set, operations, count);
	while (error != 0 && errno == EINTR);
	return error == 0;
}

static bool licences_change(const struct office *office, short by)
{
	struct sembuf change = {.sem_num = FREE, .sem_op = by, .sem_flg = licence_flags};

	return set_change(office, &change, 1);
}

static void take_turns(void *state, struct snarl_actor *self)
{
	struct office *office = state;

	(void)self;
	for (int i = 0; i < TURNS; i++) {
		if (licences_change(office, -1)) {
			SNARL_POINT("take_turns/holds");
			licences_change(office, +1);
		} else {
			office->refused++;
		}
	}
	set_leave(office);
}

static void set_make(void *state)
{
	struct office *office = state;

	office->set = semget(IPC_PRIVATE, SEMAPHORES, IPC_CREAT | 0600);
	if (office->set < 0)
		snarl_skip("no System V semaphores: %s", strerror(errno));
	semctl(office->set, FREE, SETVAL, LICENCES);
	semctl(office->set, USERS, SETVAL, PROCESSES);
}

/* Fails if a process has removed it already. */
static void set_remove(void *state)
{
	const struct office *office = state;

	semctl(office->set, 0, IPC_RMID);
}

static void every_licence_back(void *state)
{
	const struct office *office = state;
	int left = semctl(office->set, FREE, GETVAL);

	snarl_expect_eq(SNARL_ASSERTION, office->refused, 0, "refused");
	if (left >= 0) /* else a process has removed the set */
		snarl_expect_eq(SNARL_LEAK, left, LICENCES, "licences");
}

#endif
