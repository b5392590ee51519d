/*
 * mailbox/mailbox_deleted_while_used: the box goes when somebody has ended, and nothing is in it.
 *
 * An empty box says nothing about who may still send. Who has it open sends on into a box without
 * a name, which is gone once it closes it; who opens it later makes a new one of the same name,
 * and sends there. None of it fails, and nobody reads it.
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
	.summary = "a mailbox that is deleted once it is empty",
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
