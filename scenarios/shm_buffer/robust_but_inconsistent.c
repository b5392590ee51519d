/*
 * shm_buffer/robust_but_inconsistent: the mutex is marked consistent, but the data is not repaired.
 *
 * The next process that locks the mutex gets EOWNERDEAD and marks it consistent, since otherwise
 * nobody could lock it again. That does not repair the data that the mutex guards: the dead owner
 * had counted an item that it did not write. Bob puts his own item behind that, and takes from a
 * slot that was never filled.
 *
 *   in  alice                           bob
 *    0  lock(mutex)
 *    1  in++
 *    1  (killed)                        lock(mutex): EOWNERDEAD, consistent(mutex)
 *    2                                  slots[1] = bob#1
 *    2                                  item = slots[0]: nothing was put there
 */
#define ROBUSTNESS PTHREAD_MUTEX_ROBUST
#include "shared.h"

static bool enter(struct buffer *buffer)
{
	int error = pthread_mutex_lock(&buffer->mutex);

	if (error == EOWNERDEAD)
		error = pthread_mutex_consistent(&buffer->mutex);
	return error == 0;
}

const struct snarl_scenario scenario = {
	.summary = "a robust mutex that is marked consistent without a repair of its data",
	.refs = "pthread_mutex_consistent(3); CERT ERR33-C; CWE-252, CWE-455",
	.state_size = sizeof(struct meeting),
	.ledger_items = ITEMS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", put_and_take}, {"bob", put_and_take}},
	.setup = shared_setup,
	.check = every_item_once,
	.inject = {"put/counted:crash:p=0.2"},
	.expect = {.bug = SNARL_STALE_READ | SNARL_LOST_ITEM | SNARL_TORN_MESSAGE},
};
