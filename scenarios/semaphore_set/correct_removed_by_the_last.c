/*
 * semaphore_set/correct_removed_by_the_last: the set has a semaphore that counts its users.
 *
 * A semop with several operations does all of them in one step. A process takes the only licence
 * and leaves the users at once, so that no other process can leave before this one has looked at
 * the count. Only the last process finds no users left, and removes the set.
 *
 *   FREE USERS  alice                             bob (carol has left)
 *     0    1    semop(FREE, -1, USERS, -1)
 *     0    1    one user is left                  semop(FREE, -1, USERS, -1): waits
 *     0    0    semop(FREE, +1)                   has the licence
 *     -    -                                      no user is left: semctl(IPC_RMID)
 */
#include <snarl.h>

enum { PROCESSES = 3, LICENCES = 1 }; /* while one works, the others wait */

#include "common.h"

static const short licence_flags = SEM_UNDO;

static void set_leave(struct office *office)
{
	struct sembuf leave[] = {
		{.sem_num = FREE, .sem_op = -1, .sem_flg = SEM_UNDO},
		{.sem_num = USERS, .sem_op = -1},
	};

	if (!set_change(office, leave, 2))
		return;
	if (semctl(office->set, USERS, GETVAL) == 0)
		semctl(office->set, 0, IPC_RMID);
	else
		licences_change(office, +1);
}

const struct snarl_scenario scenario = {
	.summary = "System V semaphore set, removed by the last of its users",
	.refs = "semctl(2), semop(2); TLPI 47.3, 47.6; APUE 15.8",
	.state_size = sizeof(struct office),
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", take_turns}, {"bob", take_turns}, {"carol", take_turns}},
	.setup = set_make,
	.check = every_licence_back,
	.teardown = set_remove,
	.observe = {"refused"},
};
