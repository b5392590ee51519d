/*
 * datagram_socket/duplicate_ignored: the receiver assumes that every datagram is new.
 *
 * A datagram may arrive twice: the network duplicated it, or the sender sent it again because the
 * answer was lost or slow. The number in it would show that, but the receiver only checks whether
 * it has missed one.
 *
 *   sender                              receiver
 *   send 0                              takes 0, says 1
 *   send 1                              takes 1, says 2
 *                                       (1 arrives again) takes 1, says 2
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
	if (message->number > inbox->next)
		return false;
	inbox->next = message->number + 1;
	return true;
}

const struct snarl_scenario scenario = {
	.summary = "duplicate datagrams, taken twice",
	.refs = "udp(7); UNP 22.5; Tanenbaum, Computer Networks 3.3; CWE-694",
	.state_size = sizeof(struct link),
	.ledger_items = 8 * MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"sender", sender}, {"receiver", receiver}},
	.setup = link_open,
	.started = link_close,
	.check = every_message_once,
	.inject = {"posix/io/net/send*:duplicate:p=0.4"},
	.expect = {.bug = SNARL_DUPLICATE_ITEM,
		.explore = SNARL_SKIPPED("in virtual time a message may be resent forever")},
};
