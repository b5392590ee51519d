/*
 * full.h - a postman that must not block puts letters into a small box; a reader reads them. Each
 * variant says what the postman does about a full box.
 */
#ifndef SCENARIOS_MAILBOX_FULL_H
#define SCENARIOS_MAILBOX_FULL_H

#include <mqueue.h>
#include <snarl.h>

#include "common.h"

enum { LETTERS = 6 };

static void letter_deliver(mqd_t box, snarl_item letter);

static void post(void *state, struct snarl_actor *self)
{
	mqd_t box = box_open(state, O_WRONLY | O_NONBLOCK);

	for (int i = 0; i < LETTERS; i++) {
		snarl_item letter = snarl_item_next(self);

		snarl_ledger_put(self, letter, -1);
		letter_deliver(box, letter);
	}
	letter_send(box, THE_END, ORDINARY);
	mq_close(box);
}

static void read_all(void *state, struct snarl_actor *self)
{
	mqd_t box = box_open(state, O_RDONLY);
	snarl_item letter;

	while ((letter = letter_take(box)) != THE_END) {
		snarl_ledger_take(self, letter, -1);
		SNARL_POINT("read/taken");
	}
	mq_close(box);
}

#endif
