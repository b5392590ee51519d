/*
 * alpc_message/correct_reply_first: a section belongs to the server from the message to its reply.
 *
 * A small message is copied through the port, so the client may reuse its own copy at once. A large
 * one stays in a section that both have mapped. Only the reply says that the server has finished
 * with it.
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
#include "lengths.h"

static bool is_large(uint32_t count)
{
	return count > ALPC_SMALL;
}

static void all_send(struct alpc_port *port, uint32_t *view, int section, struct snarl_actor *self)
{
	struct alpc_message reply;

	for (int i = 0; i < MESSAGES && item_send(port, lengths[i], view, section, self) &&
			alpc_receive(port, &reply);
		i++)
		;
}

const struct snarl_scenario scenario = {
	.summary = "small messages copied, large ones in a section reused only after the reply",
	.refs = "unix(7), cmsg(3), memfd_create(2); Windows Internals 8 (ALPC); TLPI 61.13",
	.state_size = sizeof(struct meeting),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"client", ask}, {"server", serve}},
	.setup = port_create,
	.started = port_close,
	.check = every_message_once,
};
