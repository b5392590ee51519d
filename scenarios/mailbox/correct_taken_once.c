/*
 * mailbox/correct_taken_once: to look at a letter is to take it.
 *
 * The queue gives each letter to one reader, however many wait. Between who has taken it and all
 * others there is nothing left to agree on.
 *
 *   the box             alice                       bob
 *   #1 #2               takes #1
 *   #2                                              takes #2
 *                       reads #1                    reads #2
 */
#include <snarl.h>

#include "common.h"
#include "readers.h"

static void letter_read(mqd_t box, struct snarl_actor *self)
{
	snarl_item letter = letter_take(box);

	SNARL_POINT("read/looked");
	snarl_ledger_take(self, letter, -1);
}

const struct snarl_scenario scenario = {
	.summary = "a mailbox with two readers; a letter is read by who takes it",
	.refs = "mq_overview(7); TLPI 52; OSC 3.5",
	.state_size = sizeof(struct office),
	.ledger_items = LETTERS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"postman", post}, {"alice", read_half}, {"bob", read_half}},
	.setup = box_make,
	.check = every_letter_once,
	.teardown = box_remove,
};
