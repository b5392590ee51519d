/*
 * ordinary_pipe/both_pipes_full: the client asks all questions before it reads an answer.
 *
 * A pipe has a limited capacity. The server waits for room for an answer, because the client does
 * not read yet. Therefore the server reads no question, and the client waits for room for its next
 * one. Short exchanges go well: a deadlock needs more messages than the two pipes hold.
 *
 *   client                              server
 *   write client#1                      read client#1, write server#1: that pipe is full
 *   write client#2                      read client#2
 *   write client#3: this pipe is, too   write server#2: waits for the client to read
 *   write client#4: waits for the server to read
 */
#define _GNU_SOURCE
#include <snarl.h>

#include "talk.h"

static void questions_ask(struct talk *talk, struct snarl_actor *self)
{
	for (int i = 0; i < QUESTIONS; i++)
		message_send(talk->asked[1], self);
	for (int i = 0; i < QUESTIONS; i++)
		message_receive(talk->answered[0], self);
}

const struct snarl_scenario scenario = {
	.summary = "questions and answers through two pipes, all questions first",
	.refs = "pipe(7); CWE-833; TLPI 44.3, 44.10; UNP2 4.3",
	.state_size = sizeof(struct talk),
	.ledger_items = QUESTIONS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"client", client}, {"server", server}},
	.setup = talk_open,
	.started = talk_close,
	.check = every_message_once,
	.expect = {.bug = SNARL_DEADLOCK | SNARL_HANG},
};
