/*
 * alpc_message/correct_reply_first: a section belongs to the server from the message to its reply.
 *
 * A small message is copied with the port's message: the client may forget it. A large one stays
 * where it is, and both have it in their memory; that the server has done with it is said by the
 * reply, and by nothing else.
 *
 *   client                              server
 *   section = client#2
 *   send, with the section              receive, map it
 *   receive: waits                      item = section: client#2
 *                                       send the reply
 *   receive: the reply
 *   section = client#3
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
	.summary = "small messages copied, large ones in a section that is the server's until it "
		   "answers",
	.refs = "unix(7), cmsg(3), memfd_create(2); Windows Internals 8 (ALPC); TLPI 61.13",
	.state_size = sizeof(struct meeting),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"client", ask}, {"server", serve}},
	.setup = port_create,
	.started = port_close,
	.check = every_message_once,
};
