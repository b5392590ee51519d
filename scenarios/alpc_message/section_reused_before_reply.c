/*
 * alpc_message/section_reused_before_reply: the client sends all its messages before it waits for
 * the replies.
 *
 * That is fine for small messages, which are copied. The large ones are all in one section, which
 * the server reads only when it gets to the message: in place of the first it finds the second.
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
#include "lengths.h"

static bool is_large(uint32_t count)
{
	return count > ALPC_SMALL;
}

static void all_send(struct alpc_port *port, uint32_t *view, int section, struct snarl_actor *self)
{
	struct alpc_message reply;

	for (int i = 0; i < MESSAGES && item_send(port, lengths[i], view, section, self); i++)
		;
	for (int i = 0; i < MESSAGES && alpc_receive(port, &reply); i++)
		;
}

const struct snarl_scenario scenario = {
	.summary = "one section for all large messages, overwritten before the reply",
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
