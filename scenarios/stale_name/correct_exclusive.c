/*
 * stale_name/correct_exclusive: one process creates the object, and a restarted server reuses it.
 *
 * O_EXCL distinguishes the process that creates the object from those that find it. The name stays
 * with one object as long as anybody may have it open, so that a server that comes up again finds
 * what its clients have put meanwhile.
 *
 *   server                              client
 *   shm_open O_EXCL: created
 *   wait for full                       shm_open O_EXCL: EEXIST; opened
 *   item = items[0]                     items[0] = client#1, post full
 *   (goes down)                         items[1] = client#2, post full
 *   shm_open O_EXCL: EEXIST; opened
 *   item = items[1]
 */
#include "either.h"

static void serve(void *state, struct snarl_actor *self)
{
	struct meeting *meeting = state;

	for (int i = 0; i < ITEMS; i++) {
		struct box *box = box_open(meeting);

		SNARL_POINT("serve/up");
		if (box)
			take(box, i, self);
		box_close(box);
	}
}

const struct snarl_scenario scenario = {
	.summary = "a restarted server whose name stays with one object",
	.refs = "shm_open(3); TLPI 51.1, 54.2; UNPv2 13.3",
	.state_size = sizeof(struct meeting),
	.ledger_items = ITEMS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"server", serve}, {"client", ask}},
	.setup = meeting_setup,
	.check = every_item_once,
};
