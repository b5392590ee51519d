/*
 * common.h - a sender, a receiver and one channel between them, which keeps messages whole. Each
 * variant says how a message is sent and received: synchronously, by calls that wait, or
 * asynchronously, by calls that do not wait and a check for when they can succeed.
 */
#ifndef SCENARIOS_SYNC_ASYNC_COMMON_H
#define SCENARIOS_SYNC_ASYNC_COMMON_H

#include <errno.h>
#include <poll.h>
#include <snarl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MESSAGES = 4 };

struct channel {
	int out, in; /* its ends; r/o after setup */
};

static bool message_send(int out, snarl_item item);

/* Receive all messages, to the end of the channel. */
static void receive_all(int in, struct snarl_actor *self);

static void transmit(void *state, struct snarl_actor *self)
{
	struct channel *channel = state;

	close(channel->in);
	for (int i = 0; i < MESSAGES; i++) {
		snarl_item item = snarl_item_next(self);

		snarl_ledger_put(self, item, -1);
		if (!message_send(channel->out, item))
			break;
		SNARL_POINT("transmit/sent");
	}
	close(channel->out);
}

static void receive(void *state, struct snarl_actor *self)
{
	struct channel *channel = state;

	close(channel->out);
	receive_all(channel->in, self);
	close(channel->in);
}

static void channel_open(void *state)
{
	struct channel *channel = state;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0)
		snarl_skip("no pair of sockets: %s", strerror(errno));
	channel->out = ends[0];
	channel->in = ends[1];
}

static void channel_close(void *state)
{
	struct channel *channel = state;

	close(channel->out);
	close(channel->in);
}

static void every_message_once(void *state)
{
	(void)state;
	snarl_ledger_check();
}

#endif
