/* tcp.c - a TCP connection over the loopback. */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "transfer.h"

/* `there` holds the listening socket for the server. */
static int listen_there(struct channel *channel)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return channel_failed(channel, "socket");
	channel->there[SERVER] = fd;
	if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0)
		return channel_failed(channel, "bind");
	if (listen(fd, 1) != 0)
		return channel_failed(channel, "listen");
	return 0;
}

/* A connect that a signal interrupts continues by itself: wait for it, since a second one fails. */
static int connect_finish(int fd)
{
	struct pollfd ready = {.fd = fd, .events = POLLOUT};
	int error = 0;
	socklen_t length = sizeof error;

	while (poll(&ready, 1, -1) < 0)
		if (errno != EINTR)
			return -1;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0)
		return -1;
	errno = error;
	return error ? -1 : 0;
}

static int client_connect(struct channel *channel)
{
	struct sockaddr_in address;
	socklen_t length = sizeof address;
	int fd;

	if (getsockname(channel->there[SERVER], (struct sockaddr *)&address, &length) != 0)
		return channel_failed(channel, "getsockname");
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return channel_failed(channel, "socket");
	if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0 &&
		(errno != EINTR || connect_finish(fd) != 0)) {
		channel_failed(channel, "connect");
		close(fd);
		return -errno;
	}
	channel->in = channel->out = fd;
	return 0;
}

static int server_accept(struct channel *channel)
{
	int fd;

	do {
		fd = accept4(channel->there[SERVER], NULL, NULL, SOCK_CLOEXEC);
	} while (fd < 0 && (errno == EINTR || errno == ECONNABORTED));
	if (fd < 0)
		return channel_failed(channel, "accept");
	channel->in = channel->out = fd;
	return 0;
}

static int join(struct channel *channel, enum side side)
{
	int error = side == CLIENT ? client_connect(channel) : server_accept(channel), on = 1;

	if (error)
		return error;
	close(channel->there[SERVER]);
	channel->there[SERVER] = -1;
	/* Do not keep a short message back until the one before is acknowledged. */
	if (setsockopt(channel->out, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)
		return channel_failed(channel, "setsockopt");
	return 0;
}

MECHANISM(tcp_mechanism) = {
	.name = "tcp",
	.title = "TCP on loopback",
	.family = BYTE_STREAM,
	.copies = 2,
	.copied = "into the kernel by write, out of it by read",
	.open = listen_there,
	.join = join,
	.send = stream_send,
	.receive = stream_receive,
};
