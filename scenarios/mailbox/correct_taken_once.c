/*
 * mailbox/correct_taken_once: a reader takes a letter when it looks at it.
 *
 * The queue gives each letter to one reader, however many wait. Once a reader has taken a letter,
 * it has nothing left to agree on with the others.
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
	.summary = "a message queue with two readers; each takes a letter before it reads it",
	.refs = "mq_overview(7); TLPI 52; OSC 3.5",
	.state_size = sizeof(struct office),
	.ledger_items = LETTERS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"postman", post}, {"alice", read_half}, {"bob", read_half}},
	.setup = box_make,
	.check = every_letter_once,
	.teardown = box_remove,
};
