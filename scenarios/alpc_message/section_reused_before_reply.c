/*
 * alpc_message/section_reused_before_reply: the client sends all its messages, and then waits for
 * the replies.
 *
 * With small ones that is well: each has been copied. The large ones are all in one section, which
 * the server reads when it comes to it; what it finds there for the first is the second.
 *
 *   client                              server
 *   section = client#2
 *   send, with the section
 *   section = client#3                  receive, map it
 *   send, with the section              item = section: client#3
 *                                       receive, map it
 *                                       item = section: client#3
 */
#define _GNU_SOURCE /* memfd_create */
#include <snarl.h>

#include "common.h"

/* Whether a message of so many words needs a section. */
static bool is_large(uint32_t count)
{
	return count > ALPC_SMALL;
}

static void client_run(struct alpc_port *port, struct snarl_actor *self)
{
	struct alpc_message reply;
	uint32_t *view;
	int section = alpc_section(&view);

	for (int i = 0; section >= 0 && i < MESSAGES; i++) {
		struct alpc_message message = {.count = lengths[i]};
		snarl_item item = snarl_item_next(self);
		bool large = is_large(message.count);

		words_fill(large ? view : message.small, large ? message.count : ALPC_SMALL, item);
		snarl_ledger_put(self, item, -1);
		SNARL_POINT("send/filled");
		if (!alpc_send(port, &message, large ? section : -1))
			break;
	}
	for (int i = 0; section >= 0 && i < MESSAGES && alpc_receive(port, &reply); i++)
		;
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
	.summary = "large messages in one section, written again before the reply",
	.refs = "memfd_create(2), cmsg(3); Windows Internals 8 (ALPC); CWE-362",
	.state_size = sizeof(struct meeting),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"client", ask}, {"server", serve}},
	.setup = port_create,
	.started = port_close,
	.check = every_message_once,
	.expect = {.bug = SNARL_OVERWRITE | SNARL_DUPLICATE_ITEM | SNARL_LOST_ITEM |
			  SNARL_TORN_MESSAGE,
		.race_in = "words_fill"},
};
