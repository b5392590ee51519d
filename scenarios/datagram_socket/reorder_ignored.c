/*
 * datagram_socket/reorder_ignored: each message is taken once, but as soon as it arrives.
 *
 * Datagrams may take different routes, and the second may arrive before the first. The receiver
 * records which ones it has, so that none is taken twice and none is missing in the end. It does
 * not wait for an earlier one that is still to come.
 *
 *   sender                              receiver
 *   send 0
 *   send 1                              takes 1, says 0
 *                                       takes 0, says 2
 */
#include <snarl.h>

#include "common.h"

static void messages_send(struct end *to, const struct message *messages, uint32_t count)
{
	uint32_t acknowledged = 0, answer;

	while (acknowledged < count && !to->peer_gone) {
		for (uint32_t m = acknowledged; m < count && !to->peer_gone; m++)
			datagram_send(to, &messages[m], sizeof messages[m]);
		while (acknowledged < count && something_comes(to)) {
			ssize_t got = datagram_receive(to, &answer, sizeof answer);

			if (got == sizeof answer && answer > acknowledged)
				acknowledged = answer;
		}
	}
}

static bool message_receive(struct end *from, struct message *message)
{
	return datagram_receive(from, message, sizeof *message) == sizeof *message;
}

static bool message_is_next(const struct message *message, struct inbox *inbox)
{
	if (inbox->had >> message->number & 1)
		return false;
	inbox->had |= 1u << message->number;
	while (inbox->had >> inbox->next & 1)
		inbox->next++;
	return true;
}

const struct snarl_scenario scenario = {
	.summary = "datagrams taken in order of arrival",
	.refs = "udp(7); UNP 22.5; Tanenbaum, Computer Networks 3.4.3; CWE-362",
	.state_size = sizeof(struct link),
	.ledger_items = 8 * MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"sender", sender}, {"receiver", receiver}},
	.setup = link_open,
	.started = link_close,
	.check = every_message_once,
	.inject = {"posix/io/net/send*:reorder:p=0.4"},
	.expect = {.bug = SNARL_OUT_OF_ORDER,
		.explore = SNARL_SKIPPED("in virtual time a message may be resent forever")},
};
