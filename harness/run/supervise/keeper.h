/*
 * keeper.h - the process between snarl and a case.
 *
 * A case's parent is its keeper: a case that kills, stops or traces its parent does not reach
 * snarl. Orphans of the case become the keeper's children, even those that left its group or
 * changed their user, and the keeper kills them once the case has ended or snarl is dead.
 *
 * If the keeper itself is killed, its children become snarl's. If snarl is killed too, the next
 * snarl finds them by the mark in their environment.
 */
#ifndef SNARL_RUN_KEEPER_H
#define SNARL_RUN_KEEPER_H

#include <stdbool.h>
#include <sys/types.h>

struct keeper {
	pid_t pid;
	pid_t kept;  /* the process of the case */
	int reports; /* the keeper reports the end of the case here; -1: it no longer can */
};

/*
 * Start a keeper, and below it a process that calls `become`, which does not return. Returns 0 or a
 * negative errno; on failure nothing is left of it.
 */
int keeper_start(struct keeper *keeper, void (*become)(void *context), void *context);

/*
 * Whether the keeper reported the end of its case, after which nothing of the case is left;
 * `*status` is that of waitpid.
 */
bool keeper_reported(struct keeper *keeper, int *status);

/* The children of this process, some of which may not be its own making. */
struct children {
	void *context;
	/* Whether this child may live. */
	bool (*spared)(const void *context, pid_t pid);
	/* This child has ended, but was not reaped yet; NULL: nobody asks. */
	void (*ended)(void *context, pid_t pid);
	/* This child has ended. */
	void (*reaped)(void *context, pid_t pid, int status);
};

/* Reap all that can be reaped; false: no child is left. Never blocks. */
bool children_reap(const struct children *children);

/*
 * Kill and reap all children that are not spared, again and again, because their orphans become
 * this process's children in turn. Gives up after a while: the kernel may keep a process that has
 * been killed.
 */
void children_end(const struct children *children);

/* Kill the processes of cases whose snarl is dead, by their marks. */
void keeper_sweep(void);

#endif
