/*
 * process.h - actors as processes: descriptors of their own where all share one process.
 *
 * In stress an actor is a process, and the kernel does all of this. Elsewhere it only passes for
 * one: a table for each actor says what the numbers of its descriptors stand for. Those that the
 * set-up opened are copied for it before it starts, and closing one is its own affair. The set-up's
 * numbers stay taken until the end of the execution, so that they mean nothing else to anybody.
 */
#ifndef SNARL_CASE_PROCESS_H
#define SNARL_CASE_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

struct snarl_actor;

enum {
	PROCESS_FILES_MAX = 256, /* numbers that are kept apart; those above are everybody's */
};

/*
 * Actors are emulated processes: threads or fibers with their own descriptor table. Set before any
 * actor runs, and only read after.
 */
extern bool process_pretended;

/* Before any actor runs. */
void process_open(bool pretended);

/* Translate the calling actor's descriptor to the real one; -1 if the actor has closed it. */
int process_descriptor(int number);

/* The same, and from now on it is closed. */
int process_closing(int number);

/* The calling actor has opened a descriptor; below 0: it could not. */
void process_opened(int descriptor);
void process_opened_pair(const int ends[2]);

/* Whether the calling actor's number stands for itself because it opened it, or for nothing kept.
 */
bool process_has(int number);

/* From now on the calling actor's `number` stands for this one, and not for what it did before. */
void process_became(int number, int descriptor);

/* After the set-up, alone: give so many actors its descriptors. */
void process_fork(unsigned actors);

/* In a child that an actor forked indeed: it has what that actor had, and nothing of the others. */
void process_forked(void);

/* Whether this is such a child: what happens to it does not happen to the actor. */
bool process_is_child(void);

/* An actor has ended: nothing that it has stays open. */
void process_end(unsigned actor);

/* After an execution, alone: close what is left of it, and remove what has a name. */
void process_sweep(void);

/* Have the calling actor stand still for so long: its process, or what passes for one. */
void process_pause(uint32_t us);

#endif
