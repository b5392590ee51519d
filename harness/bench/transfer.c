/* transfer.c - sending and receiving on descriptors, as several mechanisms do it. */
#define _GNU_SOURCE
#include "transfer.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int stream_send(struct channel *channel, const void *message, size_t size)
{
	const char *at = message;

	while (size > 0) {
		ssize_t wrote = write(channel->out, at, size);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0)
			return channel_failed(channel, "write");
		at += wrote;
		size -= (size_t)wrote;
	}
	return 0;
}

int stream_receive(struct channel *channel, void *message, size_t size)
{
	char *at = message;

	while (size > 0) {
		ssize_t got = read(channel->in, at, size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return channel_failed(channel, "read");
		if (got == 0)
			return channel_refuse(
				channel, -ECONNRESET, "read: the other end was closed");
		at += got;
		size -= (size_t)got;
	}
	return 0;
}

int datagram_send(struct channel *channel, const void *message, size_t size)
{
	ssize_t sent;

	do {
		sent = send(channel->out, message, size, MSG_NOSIGNAL);
	} while (sent < 0 && errno == EINTR);
	if (sent < 0)
		return channel_failed(channel, "send");
	if ((size_t)sent != size)
		return channel_refuse(channel, -EIO, "send: the message was truncated");
	return 0;
}

int datagram_receive(struct channel *channel, void *message, size_t size)
{
	ssize_t got;

	do {
		got = recv(channel->in, message, size, MSG_TRUNC);
	} while (got < 0 && errno == EINTR);
	if (got < 0 && errno == EAGAIN)
		return channel_refuse(channel, -ETIMEDOUT, "recv: a datagram was lost");
	if (got < 0)
		return channel_failed(channel, "recv");
	if ((size_t)got != size)
		return channel_refuse(channel, -EIO, "recv: a message of the wrong size");
	return 0;
}

int both_ways_join(struct channel *channel, enum side side)
{
	close(channel->there[!side]);
	channel->there[!side] = -1;
	channel->in = channel->out = channel->there[side];
	return 0;
}

void two_pairs_join(struct channel *channel, enum side side)
{
	close(channel->there[!side]);
	close(channel->back[!side]);
	channel->out = side == CLIENT ? channel->there[CLIENT] : channel->back[SERVER];
	channel->in = side == CLIENT ? channel->back[CLIENT] : channel->there[SERVER];
}

int unix_pair_open(struct channel *channel, int type)
{
	int capacity = CHANNEL_CAPACITY, granted;
	socklen_t length = sizeof granted;

	if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, channel->there) != 0)
		return channel_failed(channel, "socketpair");
	if (type == SOCK_STREAM)
		return 0;
	/* A message must fit into the sender's buffer, beside 32 bytes that the kernel keeps. */
	for (int side = 0; side < SIDES; side++)
		if (setsockopt(channel->there[side], SOL_SOCKET, SO_SNDBUF, &capacity,
			    sizeof capacity) != 0)
			return channel_failed(channel, "setsockopt");
	if (getsockopt(channel->there[CLIENT], SOL_SOCKET, SO_SNDBUF, &granted, &length) != 0)
		return channel_failed(channel, "getsockopt");
	channel->limit = (size_t)granted - 32;
	return 0;
}
