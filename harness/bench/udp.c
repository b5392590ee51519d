/*
 * udp.c - UDP over the loopback, a pair of sockets for each way.
 *
 * UDP drops what does not fit into the receiver's buffer. The receiver therefore grants credit: the
 * sender never has more under way than fits. If a datagram is lost all the same, a call fails after
 * CHANNEL_LOSS_MS: the figures are those of an exchange without loss.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "transfer.h"

enum {
	PAYLOAD_MAX = 65507,  /* 65535 without the headers of IP and UDP */
	DATAGRAM_COST = 2048, /* the kernel counts its own structures besides the bytes */
};

struct credit {
	size_t capacity; /* of the receiver's buffer, in bytes as the kernel counts them */
	size_t sent;	 /* and not granted again yet */
	size_t received; /* and not granted yet */
};

/*
 * An upper bound of what the kernel counts: it rounds the memory of a datagram up to a power of
 * two.
 */
static size_t cost_of(size_t size)
{
	return 2 * size + DATAGRAM_COST;
}

static int pair_open(struct channel *channel, int pair[2])
{
	struct sockaddr_in address[2];
	struct timeval patience = {
		CHANNEL_LOSS_MS / 1000, (suseconds_t)(CHANNEL_LOSS_MS % 1000) * 1000};
	int capacity = CHANNEL_CAPACITY;

	for (int end = 0; end < 2; end++) {
		socklen_t length = sizeof *address;

		address[end] = (struct sockaddr_in){
			.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
		pair[end] = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		if (pair[end] < 0)
			return channel_failed(channel, "socket");
		if (bind(pair[end], (struct sockaddr *)&address[end], length) != 0 ||
			getsockname(pair[end], (struct sockaddr *)&address[end], &length) != 0)
			return channel_failed(channel, "bind");
		if (setsockopt(pair[end], SOL_SOCKET, SO_RCVBUF, &capacity, sizeof capacity) != 0 ||
			setsockopt(pair[end], SOL_SOCKET, SO_RCVTIMEO, &patience,
				sizeof patience) != 0)
			return channel_failed(channel, "setsockopt");
	}
	for (int end = 0; end < 2; end++)
		if (connect(pair[end], (struct sockaddr *)&address[!end], sizeof *address) != 0)
			return channel_failed(channel, "connect");
	return 0;
}

static int open_both(struct channel *channel)
{
	int capacity, error = pair_open(channel, channel->there);
	socklen_t length = sizeof capacity;

	if (!error)
		error = pair_open(channel, channel->back);
	if (error)
		return error;
	if (getsockopt(channel->there[SERVER], SOL_SOCKET, SO_RCVBUF, &capacity, &length) != 0)
		return channel_failed(channel, "getsockopt");
	/* Half of the room may be waiting to be granted again; a message must fit into the rest. */
	channel->limit = ((size_t)capacity / 2 - DATAGRAM_COST) / 2;
	if (channel->limit > PAYLOAD_MAX)
		channel->limit = PAYLOAD_MAX;
	return 0;
}

static int join(struct channel *channel, enum side side)
{
	struct credit *credit = calloc(1, sizeof *credit);
	int capacity;
	socklen_t length = sizeof capacity;

	if (!credit)
		return channel_failed(channel, "calloc");
	channel->state = credit;
	two_pairs_join(channel, side);
	if (getsockopt(channel->in, SOL_SOCKET, SO_RCVBUF, &capacity, &length) != 0)
		return channel_failed(channel, "getsockopt");
	credit->capacity = (size_t)capacity;
	return 0;
}

static int credit_take(struct channel *channel, struct credit *credit)
{
	uint64_t granted;
	ssize_t got;

	do {
		got = recv(channel->out, &granted, sizeof granted, 0);
	} while (got < 0 && errno == EINTR);
	if (got < 0 && errno == EAGAIN)
		return channel_refuse(channel, -ETIMEDOUT, "recv: a datagram was lost");
	if (got != sizeof granted || granted > credit->sent)
		return channel_failed(channel, "recv");
	credit->sent -= granted;
	return 0;
}

static int credit_send(struct channel *channel, const void *message, size_t size)
{
	struct credit *credit = channel->state;

	while (credit->sent + cost_of(size) > credit->capacity) {
		int error = credit_take(channel, credit);

		if (error)
			return error;
	}
	credit->sent += cost_of(size);
	return datagram_send(channel, message, size);
}

static int credit_receive(struct channel *channel, void *message, size_t size)
{
	struct credit *credit = channel->state;
	int error = datagram_receive(channel, message, size);
	uint64_t granted;
	ssize_t sent;

	credit->received += cost_of(size);
	if (error || credit->received < credit->capacity / 2)
		return error;
	granted = credit->received;
	credit->received = 0;
	do {
		sent = send(channel->in, &granted, sizeof granted, MSG_NOSIGNAL);
	} while (sent < 0 && errno == EINTR);
	return sent == sizeof granted ? 0 : channel_failed(channel, "send");
}

MECHANISM(udp_mechanism) = {
	.name = "udp",
	.title = "UDP on loopback",
	.family = SINGLE_MESSAGES,
	.copies = 2,
	.copied = "into the kernel by send, out of it by recv",
	.open = open_both,
	.join = join,
	.send = credit_send,
	.receive = credit_receive,
};
