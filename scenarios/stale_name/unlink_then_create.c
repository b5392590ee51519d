/*
 * stale_name/unlink_then_create: a server that comes up unlinks the old object, to begin anew.
 *
 * Unlinking an object removes its name, and nothing else: a process that has it mapped keeps it and
 * continues to use it. The client puts items into an object that nobody else will ever find again,
 * and the server waits at another.
 *
 *   server                              client
 *   shm_open: created                   shm_open: opened
 *   item = items[0]                     items[0] = client#1, post full
 *   (goes down)
 *   shm_unlink, shm_open: created
 *                                       items[1] = client#2, post full: in the old one
 *   wait for full: forever
 */
#include "either.h"

static void serve(void *state, struct snarl_actor *self)
{
	struct meeting *meeting = state;

	for (int i = 0; i < ITEMS; i++) {
		struct box *box;

		shm_unlink(meeting->name);
		box = box_open(meeting);
		SNARL_POINT("serve/up");
		if (box)
			take(box, i, self);
		box_close(box);
	}
}

const struct snarl_scenario scenario = {
	.summary = "a restarted server that unlinks the object of its name",
	.refs = "shm_unlink(3), unlink(2); TLPI 51.1, 54.4; UNPv2 13.3; CWE-362",
	.state_size = sizeof(struct meeting),
	.ledger_items = ITEMS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"server", serve}, {"client", ask}},
	.setup = meeting_setup,
	.check = every_item_once,
	.expect = {.bug = SNARL_DEADLOCK | SNARL_HANG},
};
