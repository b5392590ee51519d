/*
 * shm_buffer/correct_robust_mutex: the next owner repairs what a killed one left half done.
 *
 * The kernel passes a robust mutex to the next process that locks it, and reports EOWNERDEAD. The
 * dead owner may have left its update half done: a slot that counts as filled but is empty was
 * never written. The new owner first undoes that, and only then marks the mutex consistent.
 *
 *   in  alice                           bob
 *    0  lock(mutex)
 *    1  in++
 *    1  (killed)                        lock(mutex): EOWNERDEAD
 *    0                                  slots[0] is empty: in--
 *    0                                  consistent(mutex)
 *    1                                  slots[0] = bob#1
 */
#define ROBUSTNESS PTHREAD_MUTEX_ROBUST
#include "shared.h"

static bool enter(struct buffer *buffer)
{
	int error = pthread_mutex_lock(&buffer->mutex);

	if (error == EOWNERDEAD) {
		if (buffer->in > buffer->out && !buffer->slots[(buffer->in - 1) % SLOTS])
			buffer->in--;
		error = pthread_mutex_consistent(&buffer->mutex);
	}
	return error == 0;
}

const struct snarl_scenario scenario = {
	.summary = "a robust mutex whose next owner undoes the killed owner's half-done update",
	.refs = "pthread_mutexattr_setrobust(3), pthread_mutex_consistent(3); UNPv2 7.8; TLPI 53, "
		"54",
	.state_size = sizeof(struct meeting),
	.ledger_items = ITEMS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", put_and_take}, {"bob", put_and_take}},
	.setup = shared_setup,
	.check = every_item_once,
	.inject = {"put/counted:crash:p=0.2"},
};
