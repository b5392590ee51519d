/*
 * ordinary_pipe/both_pipes_full: the client asks all it has to ask before it reads an answer.
 *
 * A pipe holds so much and no more. The server waits for room for an answer that the client does
 * not read yet; so it reads no question, and the client waits for room for the next one. Small
 * talks go well: it takes more than the two pipes hold.
 *
 *   client                              server
 *   write client#1                      read client#1, write server#1: that pipe is full
 *   write client#2                      read client#2
 *   write client#3: this one is, too    write server#2: waits for the client to read
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
