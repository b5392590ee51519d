/*
 * shm_buffer/owner_dies_holding: a peer is killed while it holds the mutex.
 *
 * The kernel closes a dead process's files and gives back its memory; a mutex in shared memory is
 * nothing to it, unless it was made robust. It stays locked, by nobody.
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
	.summary = "the mutex of one who was killed holding it",
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
