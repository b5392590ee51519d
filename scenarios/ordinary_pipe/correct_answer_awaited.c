/*
 * ordinary_pipe/correct_answer_awaited: the client reads an answer before it asks again.
 *
 * At most one message is under way in each pipe. Therefore neither process waits for room while the
 * other one waits for room too.
 *
 *   client                              server
 *   write client#1
 *   read: waits                         read client#1
 *                                       write server#1
 *   read server#1                       read: waits
 *   write client#2
 */
#define _GNU_SOURCE
#include <snarl.h>

#include "talk.h"

static void questions_ask(struct talk *talk, struct snarl_actor *self)
{
	for (int i = 0; i < QUESTIONS; i++) {
		message_send(talk->asked[1], self);
		message_receive(talk->answered[0], self);
	}
}

const struct snarl_scenario scenario = {
	.summary = "questions and answers through two pipes, one after the other",
	.refs = "pipe(7); TLPI 44.3, 44.10; UNP2 4.3",
	.state_size = sizeof(struct talk),
	.ledger_items = QUESTIONS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"client", client}, {"server", server}},
	.setup = talk_open,
	.started = talk_close,
	.check = every_message_once,
};
