/*
 * mailbox/mailbox_deleted_while_used: an empty box is deleted while senders use it.
 *
 * The owner deletes the box once it is empty and one sender has finished, but an empty box does not
 * show whether anybody may still send. A sender that has the box open keeps sending into a box
 * without a name, which is gone once it is closed; a sender that opens it later makes a new box of
 * the same name, and sends there. None of these calls fails, and nobody reads the letters.
 *
 *   the box             alice               bob                 owner
 *   #1 #2 end           sends all                               reads alice's, to her end
 *   (empty)                                                     it is empty: deletes it
 *   (another) #1 #2 end                     makes it, sends all
 */
#include <snarl.h>

#include "common.h"
#include "senders.h"

static bool all_there(mqd_t box, int ended)
{
	struct mq_attr now = {0};

	return ended && mq_getattr(box, &now) == 0 && now.mq_curmsgs == 0;
}

const struct snarl_scenario scenario = {
	.summary = "a message queue that is unlinked once it is empty, while others still send",
	.refs = "CWE-362, CWE-367; mq_unlink(3); TLPI 52.2",
	.state_size = sizeof(struct office),
	.ledger_items = SENDERS * LETTERS_EACH,
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", post}, {"bob", post}, {"owner", own}},
	.setup = box_make,
	.check = every_letter_once,
	.teardown = box_remove,
	.expect = {.bug = SNARL_LOST_ITEM},
};
