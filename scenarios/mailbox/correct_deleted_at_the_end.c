/*
 * mailbox/correct_deleted_at_the_end: the box is deleted when all senders have finished.
 *
 * An empty box does not show whether anybody may still send. So each sender says when it has no
 * more letters, and the owner, who knows how many senders there are, counts.
 *
 *   the box             alice               bob                 owner
 *   #1 #2 end           sends all                               reads alice's, to her end
 *   (empty)                                                     1 of 2: continues to wait
 *   #1 #2 end                               sends all
 *   (empty)                                                     reads bob's; 2 of 2: deletes it
 */
#include <snarl.h>

#include "common.h"
#include "senders.h"

static bool all_there(mqd_t box, int ended)
{
	(void)box;
	return ended == SENDERS;
}

const struct snarl_scenario scenario = {
	.summary = "a message queue that is unlinked once all senders have finished",
	.refs = "mq_unlink(3); TLPI 52.2",
	.state_size = sizeof(struct office),
	.ledger_items = SENDERS * LETTERS_EACH,
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", post}, {"bob", post}, {"owner", own}},
	.setup = box_make,
	.check = every_letter_once,
	.teardown = box_remove,
};
