/*
 * readers.h - a postman puts letters into the box, and two readers read half of them each. Each
 * variant says how a letter is read.
 */
#ifndef SCENARIOS_MAILBOX_READERS_H
#define SCENARIOS_MAILBOX_READERS_H

#include <mqueue.h>
#include <snarl.h>

#include "common.h"

enum { READERS = 2, LETTERS_EACH = 4, LETTERS = READERS * LETTERS_EACH };

static void letter_read(mqd_t box, struct snarl_actor *self);

static void post(void *state, struct snarl_actor *self)
{
	mqd_t box = box_open(state, O_WRONLY);

	for (int i = 0; i < LETTERS; i++) {
		snarl_item letter = snarl_item_next(self);

		snarl_ledger_put(self, letter, -1);
		letter_send(box, letter, ORDINARY);
	}
	mq_close(box);
}

static void read_half(void *state, struct snarl_actor *self)
{
	mqd_t box = box_open(state, O_RDWR);

	for (int i = 0; i < LETTERS_EACH; i++)
		letter_read(box, self);
	mq_close(box);
}

#endif
