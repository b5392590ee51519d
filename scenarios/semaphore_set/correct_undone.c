/*
 * semaphore_set/correct_undone: the kernel undoes what a killed process did to the semaphore.
 *
 * With SEM_UNDO the kernel keeps the sum of a process's operations on the semaphore and reverses it
 * when the process ends, however it ends. The licence is free again. If it were a lock, the data
 * under it might be half updated: no later holder learns that one died.
 *
 *   FREE    alice                             bob
 *     1     semop(FREE, -1, SEM_UNDO)
 *     2     (killed: the kernel adds 1)
 *     1                                       semop(FREE, -1, SEM_UNDO)
 *     2                                       semop(FREE, +1, SEM_UNDO): two of two
 */
#include <snarl.h>

enum { PROCESSES = 2, LICENCES = 2 }; /* no process ever waits */

#include "common.h"

static const short licence_flags = SEM_UNDO;

/* The process that started both removes the set. */
static void set_leave(struct office *office)
{
	(void)office;
}

const struct snarl_scenario scenario = {
	.summary = "System V semaphore with SEM_UNDO, and a killed holder",
	.refs = "semop(2); TLPI 47.8; APUE 15.8",
	.state_size = sizeof(struct office),
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", take_turns}, {"bob", take_turns}},
	.setup = set_make,
	.check = every_licence_back,
	.teardown = set_remove,
	.observe = {"refused"},
	.inject = {"take_turns/holds:crash:p=0.2"},
};
