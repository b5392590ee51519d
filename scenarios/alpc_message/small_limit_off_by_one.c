/*
 * alpc_message/small_limit_off_by_one: the index of the last word is compared with the limit, not
 * the count.
 *
 * A message of one word more than goes into a port's message is sent as a small one. The port
 * copies what it has room for; the last word stays behind, and the server takes what happens to be
 * next to it for the end of the message.
 *
 *   client                              server
 *   5 words, the last is words[4]
 *   4 <= ALPC_SMALL: small
 *   send: 4 words are copied            receive
 *                                       5 words: the last is not of the message
 */
#define _GNU_SOURCE /* memfd_create */
#include <snarl.h>

#include "common.h"

/* Whether a message of so many words needs a section. */
static bool is_large(uint32_t count)
{
	return count - 1 > ALPC_SMALL;
}

static void client_run(struct alpc_port *port, struct snarl_actor *self)
{
	uint32_t *view;
	int section = alpc_section(&view);

	for (int i = 0; section >= 0 && i < MESSAGES; i++) {
		struct alpc_message message = {.count = lengths[i]}, reply;
		snarl_item item = snarl_item_next(self);
		bool large = is_large(message.count);

		words_fill(large ? view : message.small, large ? message.count : ALPC_SMALL, item);
		snarl_ledger_put(self, item, -1);
		SNARL_POINT("send/filled");
		if (!alpc_send(port, &message, large ? section : -1))
			break;
		if (!alpc_receive(port, &reply))
			break;
	}
	if (section >= 0) {
		munmap(view, ALPC_LARGE * sizeof *view);
		close(section);
	}
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

const struct snarl_scenario scenario = {
	.summary = "one word more than a small message holds, sent as a small one",
	.refs = "CWE-193; CERT ARR38-C; Windows Internals 8 (ALPC)",
	.state_size = sizeof(struct meeting),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"client", ask}, {"server", serve}},
	.setup = port_create,
	.started = port_close,
	.check = every_message_once,
	.expect = {.bug = SNARL_TORN_MESSAGE},
};
