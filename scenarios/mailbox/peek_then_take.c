/*
 * mailbox/peek_then_take: a letter stays in the box until it has been read.
 *
 * To lose nothing if it dies, a reader puts the letter back, ahead of all others, reads it, and
 * takes it away afterwards. Meanwhile other readers find the letter as well: two read the same one
 * and then take two away, and nobody has read the second.
 *
 *   the box             alice                       bob
 *   #1 #2               takes #1, puts it back
 *   #1 #2                                           takes #1, puts it back
 *   #1 #2               reads #1                    reads #1
 *   #2                  takes #1 away
 *                                                   takes #2 away
 */
#include <snarl.h>

#include "common.h"
#include "readers.h"

static void letter_read(mqd_t box, struct snarl_actor *self)
{
	snarl_item letter = letter_take(box);

	letter_send(box, letter, URGENT);
	SNARL_POINT("read/looked");
	snarl_ledger_take(self, letter, -1);
	letter_take(box);
}

const struct snarl_scenario scenario = {
	.summary = "a message queue with two readers; each reads a letter before it takes it",
	.refs = "CWE-367, CWE-362; mq_overview(7); TLPI 52",
	.state_size = sizeof(struct office),
	.ledger_items = LETTERS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"postman", post}, {"alice", read_half}, {"bob", read_half}},
	.setup = box_make,
	.check = every_letter_once,
	.teardown = box_remove,
	.expect = {.bug = SNARL_LOST_ITEM | SNARL_DUPLICATE_ITEM},
};
