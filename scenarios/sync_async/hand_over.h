/*
 * hand_over.h - an asynchronous send with two buffers, in memory that both sides share: the sender
 * hands a buffer over and continues; a transmitter sends its content later, and then gives it back.
 * Each variant says when a buffer is written again.
 */
#ifndef SCENARIOS_SYNC_ASYNC_HAND_OVER_H
#define SCENARIOS_SYNC_ASYNC_HAND_OVER_H

#include <errno.h>
#include <snarl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFERS = 2, MESSAGES = 6 };

struct line {
	int hand, taker;	     /* ends of the pair over which buffers go and come back */
	int out, in;		     /* ends of the channel; all four r/o after setup */
	snarl_item buffers[BUFFERS]; /* the transmitter's while it has them, else the sender's */
};

/* Wait until the next buffer in turn may be written; `sent`: messages handed over so far. */
static bool buffer_await(const struct line *line, int sent);

static bool whole_send(int end, const void *bytes, size_t size)
{
	ssize_t got;

	do
		got = send(end, bytes, size, MSG_NOSIGNAL);
	while (got < 0 && errno == EINTR);
	return got == (ssize_t)size;
}

static bool whole_receive(int end, void *bytes, size_t size)
{
	ssize_t got;

	do
		got = recv(end, bytes, size, 0);
	while (got < 0 && errno == EINTR);
	return got == (ssize_t)size;
}

static void hand_over(void *state, struct snarl_actor *self)
{
	struct line *line = state;

	close(line->taker);
	close(line->out);
	close(line->in);
	for (int i = 0; i < MESSAGES && buffer_await(line, i); i++) {
		snarl_item item = snarl_item_next(self);
		unsigned char which = i % BUFFERS;

		snarl_ledger_put(self, item, which);
		line->buffers[which] = item;
		if (!whole_send(line->hand, &which, sizeof which))
			break;
	}
	shutdown(line->hand, SHUT_WR);
	for (unsigned char which; whole_receive(line->hand, &which, sizeof which);)
		; /* until all buffers are back */
	close(line->hand);
}

static void transmit(void *state, struct snarl_actor *self)
{
	struct line *line = state;
	unsigned char which;

	(void)self;
	close(line->hand);
	close(line->in);
	while (whole_receive(line->taker, &which, sizeof which)) {
		snarl_item item;

		SNARL_POINT("transmit/taken");
		item = line->buffers[which];
		if (!whole_send(line->out, &item, sizeof item) ||
			!whole_send(line->taker, &which, sizeof which))
			break;
	}
	close(line->out);
	close(line->taker);
}

static void receive(void *state, struct snarl_actor *self)
{
	struct line *line = state;
	snarl_item item;

	close(line->hand);
	close(line->taker);
	close(line->out);
	while (whole_receive(line->in, &item, sizeof item))
		snarl_ledger_take(self, item, -1);
	close(line->in);
}

static void line_open(void *state)
{
	struct line *line = state;
	int pair[2], channel[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) != 0 ||
		socketpair(AF_UNIX, SOCK_SEQPACKET, 0, channel) != 0)
		snarl_skip("no pair of sockets: %s", strerror(errno));
	line->hand = pair[0];
	line->taker = pair[1];
	line->out = channel[0];
	line->in = channel[1];
}

static void line_close(void *state)
{
	struct line *line = state;

	close(line->hand);
	close(line->taker);
	close(line->out);
	close(line->in);
}

static void every_message_once(void *state)
{
	(void)state;
	snarl_ledger_check();
}

#endif
