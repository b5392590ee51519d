/*
 * sync_async/busy_receiver: the receiver retries at once, even after the end.
 *
 * A receive that does not wait returns -1 when there is nothing yet, and 0 when nothing will come
 * any more. The receiver retries in both cases: first it burns the CPU time that the sender needs,
 * and after the end it continues forever. Nobody waits, and nobody makes progress.
 *
 *   sender                          receiver
 *                                   recv: EAGAIN, recv: EAGAIN, ...
 *   send sender#1                   recv: sender#1
 *   close                           recv: 0, recv: 0, recv: 0, ...
 */
#include <snarl.h>

#include "common.h"
#include "send_async.h"

static void receive_all(int in, struct snarl_actor *self)
{
	snarl_item item;
	ssize_t got;

	for (;;) {
		got = recv(in, &item, sizeof item, MSG_DONTWAIT);
		if (got > 0)
			snarl_ledger_take(self, item, -1);
		else if (got < 0 && errno != EINTR && errno != EAGAIN)
			break;
	}
}

const struct snarl_scenario scenario = {
	.summary = "a non-blocking receiver that retries at once, even after the end",
	.refs = "CWE-835, CWE-252; recv(2); TLPI 63.1",
	.state_size = sizeof(struct channel),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"sender", transmit}, {"receiver", receive}},
	.setup = channel_open,
	.started = channel_close,
	.check = every_message_once,
	.expect = {.bug = SNARL_LIVELOCK | SNARL_HANG},
};
