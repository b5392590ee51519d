/*
 * sync_async/correct_synchronous: send and receive both wait.
 *
 * Send waits until there is room. Receive waits until there is a message, or the end: it returns 0
 * once the sender has closed the channel and all messages have been taken.
 *
 *   sender                          receiver
 *                                   recv: waits
 *   send sender#1                   recv: sender#1
 *   close
 *                                   recv: 0, the end
 */
#include <snarl.h>

#include "common.h"

static bool message_send(int out, snarl_item item)
{
	ssize_t got;

	do
		got = send(out, &item, sizeof item, MSG_NOSIGNAL);
	while (got < 0 && errno == EINTR);
	return got > 0;
}

static void receive_all(int in, struct snarl_actor *self)
{
	snarl_item item;
	ssize_t got;

	while ((got = recv(in, &item, sizeof item, 0)) != 0) {
		if (got > 0)
			snarl_ledger_take(self, item, -1);
		else if (errno != EINTR)
			break;
	}
}

const struct snarl_scenario scenario = {
	.summary = "blocking send and receive over one channel",
	.refs = "OSC 3.5; recv(2); unix(7)",
	.state_size = sizeof(struct channel),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"sender", transmit}, {"receiver", receive}},
	.setup = channel_open,
	.started = channel_close,
	.check = every_message_once,
};
