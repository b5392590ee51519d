/*
 * sync_async/correct_asynchronous: send and receive never wait, only poll does.
 *
 * A receive that finds nothing fails with EAGAIN, which is not the end: the receiver may do
 * something else, waits in poll until there is more, and tries again. The end is 0, and nothing
 * else.
 *
 *   sender                          receiver
 *                                   recv: EAGAIN
 *                                   poll
 *   send sender#1                   recv: sender#1
 *                                   recv: EAGAIN
 *                                   poll
 *   close                           recv: 0, the end
 */
#include <snarl.h>

#include "common.h"
#include "send_async.h"

static void receive_all(int in, struct snarl_actor *self)
{
	struct pollfd more = {.fd = in, .events = POLLIN};
	snarl_item item;
	ssize_t got;

	while ((got = recv(in, &item, sizeof item, MSG_DONTWAIT)) != 0) {
		if (got > 0)
			snarl_ledger_take(self, item, -1);
		else if (errno == EAGAIN)
			poll(&more, 1, -1);
		else if (errno != EINTR)
			break;
	}
}

const struct snarl_scenario scenario = {
	.summary = "non-blocking send and receive, with poll to wait until they can succeed",
	.refs = "OSC 3.5; TLPI 63.1, 63.2; poll(2)",
	.state_size = sizeof(struct channel),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"sender", transmit}, {"receiver", receive}},
	.setup = channel_open,
	.started = channel_close,
	.check = every_message_once,
};
