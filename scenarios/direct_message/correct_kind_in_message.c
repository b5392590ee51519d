/*
 * direct_message/correct_kind_in_message: a message says what it is.
 *
 * Questions and answers come by the same link, in an order that depends on who was first: who has
 * been asked before it asks answers first. The kind in the message tells, in any order.
 *
 *   alice                           bob
 *   3 squared?
 *                                   finds the question: it is 9
 *   9, an answer                    4 squared?
 *   4, a question: it is 16
 *                                   16, an answer
 */
#include <snarl.h>

#include "common.h"
#include "question.h"

static bool is_question(const struct message *message, bool answered)
{
	(void)answered;
	return message->kind == QUESTION;
}

const struct snarl_scenario scenario = {
	.summary = "two ask each other; messages say what they are",
	.refs = "OSC 3.5; Stevens UNP 6.2; unix(7)",
	.state_size = sizeof(struct peers),
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = links_open,
	.started = links_close,
	.check = answers_right,
	.observe = {"answers"},
};
