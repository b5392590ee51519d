/*
 * process.h - actors as processes: with their own descriptors, even if they share one process.
 *
 * In stress an actor is a process, and the kernel does all of this. In the other engines it is an
 * emulated process: a table per actor says what the numbers of its descriptors stand for, and
 * another one does for the set-up and the check. Those that the set-up opened are copied for each
 * actor before it starts, and closing one affects no other actor. What an actor opens gets its
 * lowest free number. Numbers 0 to 2 are the case's standard streams until an actor closes them.
 */
#ifndef SNARL_CASE_PROCESS_H
#define SNARL_CASE_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

struct plan;

enum {
	PROCESS_FILES_MAX = 256, /* descriptors that an actor can have */
};

/*
 * Actors are emulated processes: threads or fibers with their own descriptor table. Set before any
 * actor runs, and only read after.
 */
extern bool process_emulated;

/*
 * Before any actor runs. Refuses a variant with calls that emulated processes would share, by their
 * names.
 */
void process_open(const struct plan *plan, bool emulated);

/*
 * Translate the calling actor's descriptor to the real one; -1 if the actor has not opened it.
 * Other negative numbers stay as they are.
 */
int process_descriptor(int fd);

/* The same, and mark it as closed: the caller closes the real one. */
int process_closing(int fd);

/*
 * The calling actor has opened a descriptor; below 0: it failed. Returns the number by which the
 * actor knows it, the lowest that is free and not below `lowest`.
 */
int process_opened(int descriptor);
int process_opened_from(int descriptor, int lowest);
void process_opened_pair(int ends[2]);

/*
 * From now on the calling actor's number, which is below PROCESS_FILES_MAX, stands for this
 * descriptor. Returns the one before, for the caller to close; below 0: there was none.
 */
int process_became(int fd, int descriptor);

/* The calling actor's number of a real descriptor; -1: it has none. */
int process_number(int descriptor);

/* After the set-up, while no actor runs: give this many actors copies of its descriptors. */
void process_fork(unsigned actors);

/* In a child that an actor has really forked: it keeps only that actor's descriptors. */
void process_forked(void);

/* Whether this is such a child: what happens to it does not happen to the actor. */
bool process_is_child(void);

/* The same, and its parent is the actor. */
bool process_is_first_child(void);

/* The calling actor has forked a child. Whether several actors have. */
void process_forks_note(void);
bool process_forks_mixed(void);

/* Whether the calling actor, an emulated process, ignores SIGPIPE. */
bool process_pipe_ignored(void);
void process_pipe_ignore(bool ignored);

/* An actor has ended: close all that it has open. */
void process_end(unsigned actor);

/* After an execution, while no actor runs: close what it left open, remove named objects. */
void process_sweep(void);

/* Stop the calling actor for this long: its process, or the thread that emulates one. */
void process_pause(uint32_t us);

#endif
