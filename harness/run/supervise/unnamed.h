/*
 * unnamed.h - removes the System V objects without a key that a dead case's processes left.
 *
 * The kernel records which process created a segment, and which one last used a queue or set a
 * semaphore. An object is removed if that was a process of the case, during its life: what no
 * process has used yet, and what belongs to others, stays.
 */
#ifndef SNARL_RUN_UNNAMED_H
#define SNARL_RUN_UNNAMED_H

#include <sys/types.h>
#include <time.h>

enum { MAKERS_MAX = 64 };

struct makers {
	time_t began;	/* when the case began */
	unsigned count; /* in all */
	struct maker {
		pid_t pid;
		time_t began, ended;
	} at[MAKERS_MAX]; /* the last processes of the case that ended: a ring */
};

/* This process, which ends now, is one of the case's. */
void maker_add(struct makers *makers, pid_t pid);

/*
 * The same for a whole process tree that is about to be killed: its processes may reap one another
 * before they die.
 */
void makers_add_tree(struct makers *makers, pid_t root);

/* Remove what these made. */
void unnamed_sweep(const struct makers *makers);

#endif
