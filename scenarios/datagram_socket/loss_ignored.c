/*
 * datagram_socket/loss_ignored: the sender assumes that everything sent was received.
 *
 * UDP guarantees nothing: a datagram may be lost on its way, or because a buffer is full, after
 * send has already reported success. The sender does not wait for the receiver to say what it has,
 * so what was lost is never sent again.
 *
 *   sender                              receiver
 *   send 0, send 1, send 2              takes 0
 *   (exits)                             (1 is lost)
 *                                       2 is not the next, 1 never comes
 */
#include <snarl.h>

#include "common.h"

static void messages_send(struct end *to, const struct message *messages, uint32_t count)
{
	for (uint32_t m = 0; m < count; m++)
		datagram_send(to, &messages[m], sizeof messages[m]);
}

static bool message_receive(struct end *from, struct message *message)
{
	return datagram_receive(from, message, sizeof *message) == sizeof *message;
}

static bool message_is_next(const struct message *message, struct inbox *inbox)
{
	if (message->number != inbox->next)
		return false;
	inbox->next++;
	return true;
}

const struct snarl_scenario scenario = {
	.summary = "numbered datagrams, never retransmitted",
	.refs = "udp(7); UNP 8.5, 22.5; TLPI 56.6.1; CWE-252",
	.state_size = sizeof(struct link),
	.ledger_items = 8 * MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"sender", sender}, {"receiver", receiver}},
	.setup = link_open,
	.started = link_close,
	.check = every_message_once,
	.inject = {"posix/io/net/send*:drop:p=0.4"},
	.expect = {.bug = SNARL_LOST_ITEM,
		.explore = SNARL_SKIPPED("in virtual time a message may be resent forever")},
};
