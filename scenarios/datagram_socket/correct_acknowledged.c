/*
 * datagram_socket/correct_acknowledged: a message is sent again until it is acknowledged, and taken
 * once.
 *
 * The sender sends every message that is not yet acknowledged, waits a while for the receiver's
 * answer, and starts again at the first one that the receiver does not have. The receiver takes
 * only the next number, and no message that is shorter than it should be. What it discards will be
 * sent again.
 *
 *   sender                              receiver
 *   send 0, send 1                      takes 0, says 1
 *                                       (1 is lost)
 *   waits for 1 ms
 *   send 1, send 2                      takes 1, says 2
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
	if (message->number != inbox->next)
		return false;
	inbox->next++;
	return true;
}

const struct snarl_scenario scenario = {
	.summary = "numbered datagrams, acknowledged and retransmitted",
	.refs = "udp(7); UNP 22.5; Tanenbaum, Computer Networks 3.4",
	.state_size = sizeof(struct link),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"sender", sender}, {"receiver", receiver}},
	.setup = link_open,
	.started = link_close,
	.check = every_message_once,
	.inject = {"posix/io/net/send*:drop:p=0.1", "posix/io/net/send*:duplicate:p=0.1",
		"posix/io/net/send*:reorder:p=0.1", "posix/io/net/send*:truncate:p=0.1"},
	.expect = {.explore = SNARL_SKIPPED("in virtual time a message may be resent forever")},
};
