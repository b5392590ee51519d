/*
 * semaphore_set/removed_by_the_first: each process removes the set that all of them use.
 *
 * IPC_RMID removes the set at once, even if other processes wait for it: the kernel counts no users
 * of a set. The process that waits gets EIDRM from its semop, and every later call fails with
 * EINVAL.
 *
 *   FREE  alice                    bob                      carol
 *     0   its last turn            waits                    waits
 *     0   semop(FREE, +1)          has the licence
 *     -   semctl(IPC_RMID)
 *     -                                                     semop: -1, EIDRM
 *     -                            semop(FREE, +1): EINVAL
 */
#include <snarl.h>

enum { PROCESSES = 3, LICENCES = 1 }; /* while one works, the others wait */

#include "common.h"

static const short licence_flags = SEM_UNDO;

static void set_leave(struct office *office)
{
	semctl(office->set, 0, IPC_RMID);
}

const struct snarl_scenario scenario = {
	.summary = "System V semaphore set, removed by the first of its users that ends (EIDRM)",
	.refs = "semctl(2), semop(2); CWE-672; TLPI 47.3; APUE 15.8",
	.state_size = sizeof(struct office),
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", take_turns}, {"bob", take_turns}, {"carol", take_turns}},
	.setup = set_make,
	.check = every_licence_back,
	.teardown = set_remove,
	.observe = {"refused"},
	.expect = {.bug = SNARL_ASSERTION},
};
