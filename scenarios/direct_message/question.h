/*
 * question.h - each peer asks the other for the square of a number, and answers the other's
 * question. A link carries the other's question and its answer. Each variant says how to tell them
 * apart.
 */
#ifndef SCENARIOS_DIRECT_MESSAGE_QUESTION_H
#define SCENARIOS_DIRECT_MESSAGE_QUESTION_H

#include <snarl.h>
#include <stdbool.h>

#include "common.h"

struct message {
	enum { QUESTION, ANSWER } kind;
	int number;
};

/* Whether the message counts as a question; `answered`: the other's question has been answered. */
static bool is_question(const struct message *message, bool answered);

static bool answer(const struct peers *peers, int me, int number)
{
	struct message message = {ANSWER, number * number};

	return link_send(peers->to[!me].out, &message, sizeof message);
}

static void converse(struct peers *peers, int me, int number)
{
	struct message message = {QUESTION, number};
	bool answered = false, has_answer = false;

	/* The later peer finds the other's question, and answers it first. */
	if (link_receive(peers->to[me].in, &message, sizeof message, MSG_DONTWAIT))
		answered = answer(peers, me, message.number);
	message = (struct message){QUESTION, number};
	if (!link_send(peers->to[!me].out, &message, sizeof message))
		return;
	SNARL_POINT("converse/asked");
	while ((!answered || !has_answer) &&
		link_receive(peers->to[me].in, &message, sizeof message, 0)) {
		if (is_question(&message, answered)) {
			answered = answer(peers, me, message.number);
		} else {
			peers->answers[me] = message.number;
			has_answer = true;
		}
	}
}

static void alice(void *state, struct snarl_actor *self)
{
	(void)self;
	links_keep(state, ALICE);
	converse(state, ALICE, 3);
	links_leave(state, ALICE);
}

static void bob(void *state, struct snarl_actor *self)
{
	(void)self;
	links_keep(state, BOB);
	converse(state, BOB, 4);
	links_leave(state, BOB);
}

static void answers_right(void *state)
{
	const struct peers *peers = state;

	snarl_expect_eq(SNARL_ASSERTION, peers->answers[ALICE], 9, "alice's answer");
	snarl_expect_eq(SNARL_ASSERTION, peers->answers[BOB], 16, "bob's answer");
}

#endif
