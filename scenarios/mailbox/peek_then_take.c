/*
 * mailbox/peek_then_take: a letter is to stay in the box until it has been read.
 *
 * So that nothing is lost should a reader die, it puts the letter back, ahead of all others, reads
 * it, and takes it away when it is done. Meanwhile it is there for others as well: two read the
 * same one, and then take away two, of which nobody has seen the second.
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
	.summary = "a mailbox with two readers; a letter is looked at, and then taken",
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
