/*
 * sizes.h - a sender's messages have different sizes, and the receiver has room for small ones.
 * Each variant says what the receiver does about a larger one.
 */
#ifndef SCENARIOS_PORT_MESSAGE_SIZES_H
#define SCENARIOS_PORT_MESSAGE_SIZES_H

#include <snarl.h>

#include "common.h"
#include "port.h"

enum { INBOX };		/* the port */
enum { DATA, GOODBYE }; /* ids */
enum { WORDS_SMALL = 1, WORDS_LARGE = 8 };

struct message {
	struct port_header header;
	snarl_item words[WORDS_LARGE]; /* all the same */
};

static const size_t room_small = sizeof(struct port_header) + WORDS_SMALL * sizeof(snarl_item);

/* Receive the next message, first with room for a small one. */
static enum port_result message_receive(struct port_task *task, struct message *message);

static void submit(void *state, struct snarl_actor *self)
{
	struct tasks *tasks = state;
	struct message message = {.header = {INBOX, PORT_NONE, DATA, 0}};
	struct port_task task;

	port_task_begin(&task);
	port_insert(&task, INBOX, PORT_SEND);
	for (int i = 0; i < MESSAGES; i++) {
		snarl_item item = snarl_item_next(self);
		int words = i % 2 ? WORDS_LARGE : WORDS_SMALL;

		for (int w = 0; w < words; w++)
			message.words[w] = item;
		message.header.size = (unsigned)(sizeof message.header + words * sizeof item);
		snarl_ledger_put(self, item, -1);
		if (port_send(&task, &message.header) == PORT_SUCCESS)
			tasks->sent[INBOX]++;
	}
	message.header.id = GOODBYE;
	message.header.size = sizeof message.header;
	port_send(&task, &message.header);
	port_task_end(&task);
}

/* A message whose words differ is logged as an item that nobody put. */
static snarl_item item_of(const struct message *message)
{
	size_t words = (message->header.size - sizeof message->header) / sizeof(snarl_item);

	for (size_t w = 1; w < words; w++)
		if (message->words[w] != message->words[0])
			return UINT32_MAX;
	return message->words[0];
}

static void collect(void *state, struct snarl_actor *self)
{
	struct message message = {.header = {0}};
	struct port_task task;
	enum port_result result;

	(void)state;
	port_task_begin(&task);
	port_insert(&task, INBOX, PORT_RECEIVE);
	do {
		result = message_receive(&task, &message);
		if (result == PORT_SUCCESS && message.header.id == DATA)
			snarl_ledger_take(self, item_of(&message), -1);
	} while (result != PORT_FAILED && result != PORT_NO_RIGHT && message.header.id != GOODBYE);
	port_task_end(&task);
}

#endif
