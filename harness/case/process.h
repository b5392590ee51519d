/*
 * process.h - actors as processes: with their own descriptors, even if they share one process.
 *
 * In stress an actor is a process, and the kernel does all of this. In the other engines it is an
 * emulated process: a table per actor says what the numbers of its descriptors stand for. Those
 * that the set-up opened are copied for it before it starts, and closing one affects no other
 * actor. The set-up's numbers stay taken until the execution ends, so that they are not reused.
 */
#ifndef SNARL_CASE_PROCESS_H
#define SNARL_CASE_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

struct snarl_actor;

enum {
	PROCESS_FILES_MAX = 256, /* numbers that are kept apart; those above are shared by all */
};

/*
 * Actors are emulated processes: threads or fibers with their own descriptor table. Set before any
 * actor runs, and only read after.
 */
extern bool process_emulated;

/* Before any actor runs. */
void process_open(bool emulated);

/* Translate the calling actor's descriptor to the real one; -1 if the actor has closed it. */
int process_descriptor(int fd);

/* The same, and mark it as closed. */
int process_closing(int fd);

/* The calling actor has opened a descriptor; below 0: it failed. */
void process_opened(int descriptor);
void process_opened_pair(const int ends[2]);

/* Whether the calling actor opened this number itself, or it is not among those kept apart. */
bool process_has(int fd);

/* From now on the calling actor's `number` stands for this descriptor, not for an earlier one. */
void process_became(int fd, int descriptor);

/* After the set-up, while no actor runs: give this many actors copies of its descriptors. */
void process_fork(unsigned actors);

/* In a child that an actor has really forked: it keeps only that actor's descriptors. */
void process_forked(void);

/* Whether this is such a child: what happens to it does not happen to the actor. */
bool process_is_child(void);

/* An actor has ended: close all that it has open. */
void process_end(unsigned actor);

/* After an execution, while no actor runs: close what it left open, remove named objects. */
void process_sweep(void);

/* Stop the calling actor for this long: its process, or the thread that emulates one. */
void process_pause(uint32_t us);

#endif
