/*
 * stale_name/left_by_a_dead_run: the client takes what has the name for what the server made.
 *
 * A run before this one has died and left its object behind, ready to be used by the look of it.
 * The server removes it and makes another; a client that came before has the old one. Both have an
 * object of that name, and each another.
 *
 *   server                              client
 *                                       shm_open: the old one, and it is ready
 *   shm_unlink, shm_open O_EXCL
 *   make it                             items[0] = client#1, post full
 *   wait for full: for ever             (exits)
 */
#include <snarl.h>

#include "common.h"

static struct box *box_find(const struct meeting *meeting)
{
	for (;;) {
		struct box *box = box_map(meeting->name, 0);

		if (!box && errno != ENOENT)
			return NULL;
		SNARL_POINT("find/mapped");
		if (box && atomic_load(&box->run))
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

/* What a run has left that was killed. */
static void leftover_setup(void *state)
{
	struct meeting *meeting = state;

	meeting_setup(state);
	box_close(box_create(meeting->name, RUN_BEFORE));
}

const struct snarl_scenario scenario = {
	.summary = "a name that a dead run has left, and an object still behind it",
	.refs = "shm_open(3); TLPI 51.1, 54.4; UNPv2 13.4; CWE-459, CWE-367",
	.state_size = sizeof(struct meeting),
	.ledger_items = ITEMS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"server", serve}, {"client", ask}},
	.setup = leftover_setup,
	.check = every_item_once,
	.expect = {.bug = SNARL_DEADLOCK | SNARL_HANG},
};
