/*
 * urgent.h - two senders send urgent letters, and carol sends an ordinary one; a clerk reads all of
 * them, and counts how many go ahead of hers. Each variant says what priority urgent letters have.
 */
#ifndef SCENARIOS_MAILBOX_URGENT_H
#define SCENARIOS_MAILBOX_URGENT_H

#include <mqueue.h>
#include <snarl.h>
#include <stdbool.h>

#include "common.h"

enum { URGENT_SENDERS = 2, URGENT_EACH = 6, LETTERS = URGENT_SENDERS * URGENT_EACH + 1 };

static unsigned urgent_priority(void);

static void post_urgent(void *state, struct snarl_actor *self)
{
	mqd_t box = box_open(state, O_WRONLY);

	for (int i = 0; i < URGENT_EACH; i++) {
		snarl_item letter = snarl_item_next(self);

		snarl_ledger_put(self, letter, -1);
		letter_send(box, letter, urgent_priority());
	}
	mq_close(box);
}

static void post_ordinary(void *state, struct snarl_actor *self)
{
	struct office *office = state;
	mqd_t box = box_open(office, O_WRONLY);
	snarl_item letter = snarl_item_next(self);

	office->ordinary = letter;
	snarl_ledger_put(self, letter, -1);
	letter_send(box, letter, ORDINARY);
	office->posted = true;
	mq_close(box);
}

static void read_all(void *state, struct snarl_actor *self)
{
	struct office *office = state;
	mqd_t box = box_open(office, O_RDONLY);
	bool served = false;

	for (int i = 0; i < LETTERS; i++) {
		snarl_item letter = letter_take(box);

		snarl_ledger_take(self, letter, -1);
		served |= letter == office->ordinary;
		office->overtaken += office->posted && !served;
		SNARL_POINT("read/taken");
	}
	mq_close(box);
}

/*
 * In order of arrival, only the other letters of a full box go ahead of a letter, and one that is
 * being read: the clerk may have taken that one before the letter was there, and counted it after.
 */
static void letters_in_time(void *state)
{
	struct office *office = state;

	every_letter_once(state);
	if (office->overtaken > office->room)
		snarl_fail(SNARL_STARVATION,
			"%d urgent letters were read before one that was there", office->overtaken);
}

#endif
