/*
 * datagram_socket/truncation_ignored: the receiver assumes that every datagram is a whole message.
 *
 * A datagram is cut off if there is no room for all of it, on its way or in the receiver's buffer.
 * Only its length shows that, and nobody checks it. The rest of the buffer still holds what was
 * there before.
 *
 *   sender                              receiver
 *   send 0, 20 bytes                    takes 20 bytes: number 0, sender#1
 *   send 1, 20 bytes                    takes 10 bytes: number 1, half of sender#2
 *                                       and the rest of sender#1
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
	return datagram_receive(from, message, sizeof *message) > 0;
}

static bool message_is_next(const struct message *message, struct inbox *inbox)
{
	if (message->number != inbox->next)
		return false;
	inbox->next++;
	return true;
}

const struct snarl_scenario scenario = {
	.summary = "truncated datagrams, taken as whole messages",
	.refs = "recv(2), MSG_TRUNC; UNP 22.3; TLPI 57.3; CWE-130, CWE-252",
	.state_size = sizeof(struct link),
	.ledger_items = 8 * MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"sender", sender}, {"receiver", receiver}},
	.setup = link_open,
	.started = link_close,
	.check = every_message_once,
	.inject = {"posix/io/net/send*:truncate:p=0.4"},
	/* stale: behind the end of a short message the buffer holds an earlier one */
	.expect = {.bug = SNARL_TORN_MESSAGE | SNARL_DUPLICATE_ITEM | SNARL_LOST_ITEM |
			  SNARL_STALE_READ,
		.explore = SNARL_SKIPPED("in virtual time a message may be resent forever")},
};
