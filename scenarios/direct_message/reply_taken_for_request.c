/*
 * direct_message/reply_taken_for_request: the first message is assumed to be the question.
 *
 * When both ask at once, the other's question comes before its answer, at least in every test. But
 * a peer that is late finds a question waiting and answers it before it asks. The other peer then
 * receives the answer first: it squares the answer once more, and stores the question as the
 * answer.
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
	.summary = "two processes ask each other; the first message counts as the question",
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
