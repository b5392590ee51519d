/*
 * shm_buffer/owner_dies_holding: a peer is killed while it holds the mutex.
 *
 * The kernel closes the files of a dead process and frees its memory, but it knows nothing of a
 * mutex in shared memory unless that was made robust. The mutex stays locked, and no process is
 * left to unlock it.
 *
 *   alice                               bob
 *   lock(mutex)
 *   in++
 *   (killed)                            lock(mutex): waits for alice
 */
#define ROBUSTNESS PTHREAD_MUTEX_STALLED
#include "shared.h"

static bool enter(struct buffer *buffer)
{
	return pthread_mutex_lock(&buffer->mutex) == 0;
}

const struct snarl_scenario scenario = {
	.summary = "a mutex, not robust, whose owner is killed while holding it",
	.refs = "pthread_mutexattr_setrobust(3); UNPv2 7.8; CWE-667, CWE-833",
	.state_size = sizeof(struct meeting),
	.ledger_items = ITEMS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", put_and_take}, {"bob", put_and_take}},
	.setup = shared_setup,
	.check = every_item_once,
	.inject = {"put/counted:crash:p=0.2"},
	.expect = {.bug = SNARL_DEADLOCK | SNARL_HANG},
};
