/*
 * leftover.h - a dead run has left a name: the server removes it and makes a box of its own, for
 * which the client looks. Each variant says how the client recognises that box.
 */
#ifndef SCENARIOS_STALE_NAME_LEFTOVER_H
#define SCENARIOS_STALE_NAME_LEFTOVER_H

#include <snarl.h>

#include "common.h"

/* Whether the box belongs to this run. */
static bool is_ours(struct box *box, const struct meeting *meeting);

static struct box *box_find(const struct meeting *meeting)
{
	for (;;) {
		struct box *box = box_map(meeting->name, 0);

		if (!box && errno != ENOENT)
			return NULL;
		SNARL_POINT("find/mapped");
		if (box && is_ours(box, meeting))
			return box;
		box_close(box);
		sched_yield();
	}
}

static void serve(void *state, struct snarl_actor *self)
{
	struct meeting *meeting = state;
	struct box *box;

	shm_unlink(meeting->name);
	SNARL_POINT("serve/unlinked");
	box = box_create(meeting->name, meeting->run);
	for (int i = 0; box && i < ITEMS; i++)
		take(box, i, self);
	box_close(box);
}

static void ask(void *state, struct snarl_actor *self)
{
	struct box *box = box_find(state);

	for (int i = 0; box && i < ITEMS; i++)
		put(box, i, self);
	box_close(box);
}

/* Leave an old box behind, as a killed run does. */
static void leftover_setup(void *state)
{
	struct meeting *meeting = state;

	meeting_setup(state);
	box_close(box_create(meeting->name, RUN_BEFORE));
}

#endif
