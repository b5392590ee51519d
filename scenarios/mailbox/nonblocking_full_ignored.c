/*
 * mailbox/nonblocking_full_ignored: the postman ignores that a send has failed.
 *
 * The box was opened non-blocking. When it is full, mq_send returns -1 with EAGAIN, and the letter
 * is lost, because the postman does not check and continues with the next one.
 *
 *   the box             postman                         reader
 *   #1 #2               sends #3: EAGAIN, ignored
 *   #2                                                  takes #1
 *   #2 #4               sends #4
 */
#define ROOM 2
#include <snarl.h>

#include "common.h"
#include "full.h"

static void letter_deliver(mqd_t box, snarl_item letter)
{
	mq_send(box, (const char *)&letter, sizeof letter, ORDINARY);
}

const struct snarl_scenario scenario = {
	.summary = "a full message queue; a send that fails with EAGAIN loses its message",
	.refs = "CWE-252, CERT ERR33-C; mq_send(3); TLPI 52.5",
	.state_size = sizeof(struct office),
	.ledger_items = LETTERS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"postman", post}, {"reader", read_all}},
	.setup = box_make,
	.check = every_letter_once,
	.teardown = box_remove,
	.expect = {.bug = SNARL_LOST_ITEM},
};
