/*
 * direct_message/correct_kind_in_message: each message says whether it is a question.
 *
 * Questions and answers come over the same link, in an order that depends on timing: a peer that
 * has been asked before it asks answers first. The receiver looks at the kind in the message, which
 * is right in any order.
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
	.summary = "two processes ask each other; each message carries its kind",
	.refs = "OSC 3.5; Stevens UNP 6.2; unix(7)",
	.state_size = sizeof(struct peers),
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = links_open,
	.started = links_close,
	.check = answers_right,
	.observe = {"answers"},
};
