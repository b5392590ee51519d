/*
 * direct_message/reply_taken_for_request: what comes first is the other's question, and then its
 * answer. Or so it was in every test.
 *
 * Both ask at once, and then the other's question comes before its answer. But who is late finds
 * a question waiting, and answers before it asks: the order is the other one, its answer is squared
 * once more, and its question is taken for the answer.
 *
 *   alice                           bob
 *   3 squared?
 *                                   finds the question: it is 9
 *   9, "a question": it is 81       4 squared?
 *   4, "an answer"
 *                                   81, "an answer"
 */
#include <snarl.h>

#include "common.h"
#include "question.h"

static bool is_question(const struct message *message, bool answered)
{
	(void)message;
	return !answered;
}

const struct snarl_scenario scenario = {
	.summary = "two ask each other; what comes first is taken for a question",
	.refs = "CWE-841, CWE-362; OSC 3.5; Stevens UNP 6.2",
	.state_size = sizeof(struct peers),
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", alice}, {"bob", bob}},
	.setup = links_open,
	.started = links_close,
	.check = answers_right,
	.observe = {"answers"},
	.expect = {.bug = SNARL_ASSERTION},
};
