/*
 * common.h - alice and bob write a report; carol waits until it is complete. When an actor has
 * left, the desk is cleared: the condition and the lock are destroyed, the report is counted and
 * freed. Each variant says in `leave` which actor does that.
 */
#ifndef SCENARIOS_TEARDOWN_COMMON_H
#define SCENARIOS_TEARDOWN_COMMON_H

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <snarl.h>

enum { ACTORS = 3, LINES = 4 }; /* two lines of alice, two of bob */

struct desk {
	pthread_mutex_t lock;
	pthread_cond_t complete; /* signalled when written reaches LINES */
	int *report;		 /* what it points to: under lock until the last has left */
	int written;		 /* lines of the report: under lock */
	int users;		 /* actors who have not left: under lock */
	int handed_in;		 /* lines: written by the actor that frees the report */
};

/* The caller does not need the desk any more; alice is its owner. */
static void leave(struct desk *desk, bool owner);

static void write_lines(struct desk *desk)
{
	for (int i = 0; i < LINES / 2; i++) {
		pthread_mutex_lock(&desk->lock);
		desk->report[desk->written++] = 1;
		SNARL_POINT("write/line");
		if (desk->written == LINES)
			pthread_cond_signal(&desk->complete);
		pthread_mutex_unlock(&desk->lock);
	}
}

static void alice(void *state, struct snarl_actor *self)
{
	(void)self;
	write_lines(state);
	leave(state, true);
}

static void bob(void *state, struct snarl_actor *self)
{
	(void)self;
	write_lines(state);
	leave(state, false);
}

static void carol(void *state, struct snarl_actor *self)
{
	struct desk *desk = state;

	(void)self;
	pthread_mutex_lock(&desk->lock);
	while (desk->written < LINES)
		pthread_cond_wait(&desk->complete, &desk->lock);
	pthread_mutex_unlock(&desk->lock);
	leave(desk, false);
}

/* Count the report's lines, and free it. */
static void hand_in(struct desk *desk)
{
	for (int i = 0; i < LINES; i++)
		desk->handed_in += desk->report[i];
	free(desk->report);
}

static void desk_setup(void *state)
{
	struct desk *desk = state;

	pthread_mutex_init(&desk->lock, NULL);
	pthread_cond_init(&desk->complete, NULL);
	desk->report = calloc(LINES, sizeof *desk->report);
	desk->users = ACTORS;
}

static void report_is_complete(void *state)
{
	struct desk *desk = state;

	snarl_expect_eq(SNARL_LOST_ITEM, desk->handed_in, LINES, "handed_in");
}

#endif
