/*
 * senders.h - two senders send letters, and say when they have no more; the owner reads the
 * letters, and then deletes the box. An actor that opens the box when there is none makes it. Each
 * variant says when all letters are there.
 */
#ifndef SCENARIOS_MAILBOX_SENDERS_H
#define SCENARIOS_MAILBOX_SENDERS_H

#include <mqueue.h>
#include <snarl.h>
#include <stdbool.h>

#include "common.h"

enum { SENDERS = 2, LETTERS_EACH = 2 };

/* Whether all letters have come; `ended`: senders that have said that they have no more. */
static bool all_there(mqd_t box, int ended);

static void post(void *state, struct snarl_actor *self)
{
	mqd_t box = box_open(state, O_CREAT | O_WRONLY);

	for (int i = 0; i < LETTERS_EACH; i++) {
		snarl_item letter = snarl_item_next(self);

		snarl_ledger_put(self, letter, -1);
		letter_send(box, letter, ORDINARY);
		SNARL_POINT("post/sent");
	}
	letter_send(box, THE_END, ORDINARY);
	mq_close(box);
}

static void own(void *state, struct snarl_actor *self)
{
	mqd_t box = box_open(state, O_CREAT | O_RDONLY);
	int ended = 0;

	while (!all_there(box, ended)) {
		snarl_item letter = letter_take(box);

		if (letter == THE_END)
			ended++;
		else
			snarl_ledger_take(self, letter, -1);
	}
	mq_unlink(snarl_name("box"));
	mq_close(box);
}

#endif
