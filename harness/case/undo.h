/*
 * undo.h - SEM_UNDO for emulated processes. The kernel undoes what a process did to System V
 * semaphores when the process ends; the process of an emulated one goes on.
 */
#ifndef SNARL_CASE_UNDO_H
#define SNARL_CASE_UNDO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/sem.h>

/* The calling actor has done this: remember what asks to be undone. */
void undo_note(int set, const struct sembuf *operations, size_t count);

/* The values of a semaphore, or of all of the set if below 0, were set: nothing is undone there. */
void undo_forget(int set, int number);

/* Before an execution: nothing is to be undone, though the last one may have ended early. */
void undo_renew(void);

/* Whether something of this set is to be undone when the actor ends. */
bool undo_pending(unsigned actor, int set);

/* The actor ends. */
void undo_apply(unsigned actor);

#endif
