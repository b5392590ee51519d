/*
 * semaphore_set/held_by_the_dead: a process is killed while it holds a licence.
 *
 * A System V semaphore is a number in the kernel, without an owner. The kernel does not know that a
 * process that died owed it a +1. There is one licence less with each death, and after the last one
 * every process waits forever.
 *
 *   FREE    alice                             bob
 *     1     semop(FREE, -1)
 *     1     (killed)
 *     0                                       semop(FREE, -1)
 *     1                                       semop(FREE, +1): one licence of two
 */
#include <snarl.h>

enum { PROCESSES = 2, LICENCES = 2 }; /* no process ever waits */

#include "common.h"

static const short licence_flags = 0;

/* The process that started both removes the set. */
static void set_leave(struct office *office)
{
	(void)office;
}

const struct snarl_scenario scenario = {
	.summary = "System V semaphore without SEM_UNDO, and a killed holder",
	.refs = "semop(2); CWE-772; TLPI 47.8; APUE 15.8",
	.state_size = sizeof(struct office),
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", take_turns}, {"bob", take_turns}},
	.setup = set_make,
	.check = every_licence_back,
	.teardown = set_remove,
	.observe = {"refused"},
	.inject = {"take_turns/holds:crash:p=0.2"},
	.expect = {.bug = SNARL_LEAK},
};
