/*
 * autopsy.h - what a case that fell silent was at: from its board (core/board.h), from the state of
 * its threads, and from their stacks, which libdwfl reads out of the stopped process.
 */
#ifndef SNARL_RUN_AUTOPSY_H
#define SNARL_RUN_AUTOPSY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "board.h"

/* How far each thread had come when the silence was noted. */
struct progress {
	uint64_t noted_ns; /* 0: not yet */
	uint64_t sequence[BOARD_ENTRIES];
};

/* Make a board to hand to a child; its descriptor in `*descriptor`. NULL and errno on failure. */
struct board *board_make(int *descriptor);
void board_unmake(struct board *board);

/* Note how far each thread has come. */
void progress_note(struct progress *progress, const struct board *board);

/*
 * Whether nothing can ever go on: since it was noted, all actors that are not done with their
 * execution, and all threads they made, sleep in calls that only one of them could end. `done` is
 * by actor, as the events told it; `actors` their names.
 */
bool autopsy_proves(pid_t pid, const struct board *board, const struct progress *progress,
	const json_t *actors, const json_t *done);

/*
 * The event "stuck" of waits.h: who sits where, holds what and waits for what. Stops the threads
 * one by one for a moment. Where stacks cannot be had, the calls that they sit in are told all the
 * same. A new reference; NULL where no actor is on the board.
 */
json_t *autopsy(pid_t pid, const struct board *board, const struct progress *progress,
	const json_t *actors, const json_t *done);

/* Number of the execution that the actors are stuck in, -1 where they are not on the board. */
int64_t autopsy_execution(const struct board *board, const json_t *actors, const json_t *done);

#endif
