/*
 * sync_async/poll_once_gives_up: the receiver leaves when there is no message yet.
 *
 * A receive that does not wait fails with EAGAIN when there is no message yet. A poll that does not
 * wait either reports the same. The receiver mistakes that for the end, so that nobody receives
 * what is sent after it.
 *
 *   sender                          receiver
 *   send sender#1                   recv: sender#1
 *                                   recv: EAGAIN
 *                                   poll: nothing there; leaves
 *   send sender#2
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
		else if (errno == EAGAIN && poll(&more, 1, 0) == 0)
			break;
		else if (errno != EINTR && errno != EAGAIN)
			break;
	}
}

const struct snarl_scenario scenario = {
	.summary = "a non-blocking receiver that gives up when there is no message yet",
	.refs = "CWE-252, CWE-362; TLPI 63.1; poll(2)",
	.state_size = sizeof(struct channel),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"sender", transmit}, {"receiver", receive}},
	.setup = channel_open,
	.started = channel_close,
	.check = every_message_once,
	.expect = {.bug = SNARL_LOST_ITEM},
};
