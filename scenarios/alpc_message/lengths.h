/*
 * lengths.h - small messages, and large ones that all use one section. Each variant says which are
 * large, and when the client waits for the server's replies.
 */
#ifndef SCENARIOS_ALPC_MESSAGE_LENGTHS_H
#define SCENARIOS_ALPC_MESSAGE_LENGTHS_H

#include <snarl.h>

#include "common.h"

/* Whether a message of so many words needs a section. */
static bool is_large(uint32_t count);

/* Send all messages; `view` is the client's mapping of its section. */
static void all_send(struct alpc_port *port, uint32_t *view, int section, struct snarl_actor *self);

/* Send the client's next item in a message of so many words. */
static bool item_send(struct alpc_port *port, uint32_t count, uint32_t *view, int section,
	struct snarl_actor *self)
{
	struct alpc_message message = {.count = count};
	snarl_item item = snarl_item_next(self);
	bool large = is_large(count);

	words_fill(large ? view : message.small, large ? count : ALPC_SMALL, item);
	snarl_ledger_put(self, item, -1);
	SNARL_POINT("send/filled");
	return alpc_send(port, &message, large ? section : -1);
}

static void client_run(struct alpc_port *port, struct snarl_actor *self)
{
	uint32_t *view;
	int section = alpc_section(&view);

	if (section < 0)
		return;
	all_send(port, view, section, self);
	munmap(view, ALPC_LARGE * sizeof *view);
	close(section);
}

static void server_run(struct alpc_port *port, struct snarl_actor *self)
{
	struct alpc_message message;

	while (alpc_receive(port, &message)) {
		bool large = is_large(message.count);
		uint32_t words[ALPC_LARGE] = {0};

		SNARL_POINT("receive/received");
		memcpy(words, large ? port->view : message.small,
			(large ? message.count : ALPC_SMALL) * sizeof *words);
		item_take(words, message.count, self);
		if (!alpc_send(port, &message, -1))
			break;
	}
}

#endif
