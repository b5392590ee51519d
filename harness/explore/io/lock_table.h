/*
 * lock_table.h - the locks that an execution's actors have on files: flock's, fcntl's and lockf's.
 *
 * The system could not keep them: to it, all emulated processes are one, and of one process no
 * lock of fcntl keeps out another.
 */
#ifndef SNARL_EXPLORE_IO_LOCK_TABLE_H
#define SNARL_EXPLORE_IO_LOCK_TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "actor_set.h"

struct actor;
struct object;

/* The kinds of locks. Those of one kind do not conflict with those of the other. */
enum lock_kind { LOCK_FILE, LOCK_RANGE, LOCK_KINDS };

/* The locks of one kind on one file. */
struct lockable {
	uint64_t changes;  /* releases so far; for spin.c, a polling loop reads this counter */
	actor_set holders; /* actors that hold one */
};

/* A lock, or the wish for one, of the bytes [from, to). */
struct file_lock {
	struct lockable *on;
	bool of_process; /* it belongs to a process; otherwise to an open file */
	unsigned holder; /* number of that process, or of the open file */
	int actor;	 /* that takes it; HOST_OWNER: the set-up or the check */
	bool exclusive;
	off_t from, to;
};

/* Begin an execution: forget all locks. */
void locks_renew(void);

/* What actors wait for, and step at. */
struct object *lock_object(const struct lockable *on, const void *pc);

/* The first lock of another holder that keeps it from being taken; NULL: there is none. */
const struct file_lock *lock_conflict(const struct file_lock *wanted);

/* One that the same holder has of these bytes; NULL: it has none. */
const struct file_lock *lock_own(const struct file_lock *wanted);

/* Take it, instead of what its holder has locked of these bytes. There must be no conflict. */
void lock_take(struct actor *self, const struct file_lock *wanted, const void *pc);

/* Release what the holder has locked of these bytes. */
void lock_release(struct actor *self, const struct file_lock *range, const void *pc);

/*
 * A descriptor was closed by `call`: release those for which `gone` says that their holder is gone.
 * `pc` NULL: it is the process's end, which is no call.
 */
void locks_release(struct actor *self, struct lockable *on, const char *call, const void *pc,
	bool (*gone)(const struct file_lock *lock, const void *context), const void *context);

/*
 * Wait, until something is released, for what another holds. Returns false, without waiting, if
 * that would close a circle of processes, as the system finds it for a lock that belongs to one.
 */
bool lock_wait(
	struct actor *self, const struct file_lock *wanted, const char *call, const void *pc);

#endif
