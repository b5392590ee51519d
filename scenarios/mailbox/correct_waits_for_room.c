/*
 * mailbox/correct_waits_for_room: a non-blocking send may fail, and is then tried again.
 *
 * When the queue is full, mq_send fails with EAGAIN. The postman keeps the letter, could do
 * something else meanwhile, and tries again when poll says that there is room.
 *
 *   the box             postman                         reader
 *   #1 #2               sends #3: EAGAIN
 *   #2                  polls                           takes #1
 *   #2 #3               there is room: sends #3
 */
#define ROOM 2
#include <snarl.h>

#include "common.h"
#include "full.h"

static void letter_deliver(mqd_t box, snarl_item letter)
{
	letter_send(box, letter, ORDINARY);
}

const struct snarl_scenario scenario = {
	.summary = "a full message queue; a send that fails with EAGAIN is tried again",
	.refs = "mq_send(3); TLPI 52.5, 63.1",
	.state_size = sizeof(struct office),
	.ledger_items = LETTERS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"postman", post}, {"reader", read_all}},
	.setup = box_make,
	.check = every_letter_once,
	.teardown = box_remove,
};
