/*
 * either.h - the process that comes first makes the box. Each variant says what the server does
 * when it comes up.
 */
#ifndef SCENARIOS_STALE_NAME_EITHER_H
#define SCENARIOS_STALE_NAME_EITHER_H

#include <snarl.h>

#include "common.h"

static struct box *box_open(const struct meeting *meeting)
{
	struct box *box = box_create(meeting->name, meeting->run);

	if (!box && errno == EEXIST)
		box = box_map(meeting->name, 0);
	while (box && !atomic_load(&box->run))
		sched_yield();
	return box;
}

static void ask(void *state, struct snarl_actor *self)
{
	struct box *box = box_open(state);

	for (int i = 0; box && i < ITEMS; i++)
		put(box, i, self);
	box_close(box);
}

#endif
