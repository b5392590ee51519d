/*
 * common.h - two clients send messages to a server, each over a connection of its own. A message is
 * its length, in network order, and that many bytes. Each variant says how a message is written,
 * how it is read, and how the server gets its connections.
 */
#ifndef SCENARIOS_STREAM_SOCKET_COMMON_H
#define SCENARIOS_STREAM_SOCKET_COMMON_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <snarl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENTS = 2, MESSAGES = 3, WORDS = 4 };

struct service {
	int listener; /* both r/o after setup */
	struct sockaddr_in address;
};

struct message {
	uint32_t length; /* of what follows, in bytes */
	snarl_item words[WORDS];
};

static void message_write(int to, const snarl_item *words, uint32_t length);
/* Read a message into `words` and return its length; 0 at the stream's end, or on an error. */
static uint32_t message_read(int from, snarl_item *words);
/* The next connection; -1 if there will be none. */
static int client_accept(int listener);

/* Retry after a signal: by then the connection may be in progress, or established. */
static bool server_connect(int to, const struct sockaddr_in *address)
{
	while (connect(to, (const struct sockaddr *)address, sizeof *address) != 0)
		if (errno != EINTR && errno != EALREADY)
			return errno == EISCONN;
	return true;
}

/* No SIGPIPE if the server is gone: send returns an error instead. */
static bool bytes_write(int to, const void *bytes, size_t length)
{
	for (size_t done = 0; done < length;) {
		ssize_t got = send(to, (const char *)bytes + done, length - done, MSG_NOSIGNAL);

		if (got < 0 && errno != EINTR)
			return false;
		done += got > 0 ? (size_t)got : 0;
	}
	return true;
}

/* Read all bytes; false if the stream ends before. */
static inline bool bytes_read(int from, void *bytes, size_t length)
{
	for (size_t done = 0; done < length;) {
		ssize_t got = recv(from, (char *)bytes + done, length - done, 0);

		if (got == 0 || (got < 0 && errno != EINTR))
			return false;
		done += got > 0 ? (size_t)got : 0;
	}
	return true;
}

/* Send messages of one word, of two, and so on: each repeats one item. */
static void client(void *state, struct snarl_actor *self)
{
	struct service *service = state;
	snarl_item words[WORDS];
	int to;

	close(service->listener);
	to = socket(AF_INET, SOCK_STREAM, 0);
	if (to < 0)
		return;
	for (uint32_t m = 1; server_connect(to, &service->address) && m <= MESSAGES; m++) {
		words[0] = snarl_item_next(self);
		for (uint32_t w = 1; w < m; w++)
			words[w] = words[0];
		snarl_ledger_put(self, words[0], -1);
		message_write(to, words, m * sizeof *words);
	}
	close(to);
}

/* The item of a message; one that nobody put if its words differ, or if the last one is cut. */
static snarl_item item_of(const snarl_item *words, uint32_t length)
{
	for (uint32_t w = 1; w < length / sizeof *words; w++)
		if (words[w] != words[0])
			return UINT32_MAX;
	return length % sizeof *words ? UINT32_MAX : words[0];
}

static void server(void *state, struct snarl_actor *self)
{
	struct service *service = state;
	snarl_item words[WORDS + 1] = {0};
	uint32_t length;
	int from;

	for (int c = 0; c < CLIENTS; c++) {
		from = client_accept(service->listener);
		if (from < 0)
			break;
		while ((length = message_read(from, words)) > 0)
			snarl_ledger_take(self, item_of(words, length), -1);
		close(from);
	}
	close(service->listener);
}

/* Listen at a free port, which the system chooses. */
static void service_open(void *state)
{
	struct service *service = state;
	socklen_t size = sizeof service->address;

	service->address.sin_family = AF_INET;
	service->address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	service->listener = socket(AF_INET, SOCK_STREAM, 0);
	if (service->listener < 0 ||
		bind(service->listener, (struct sockaddr *)&service->address, size) != 0 ||
		listen(service->listener, CLIENTS) != 0 ||
		getsockname(service->listener, (struct sockaddr *)&service->address, &size) != 0)
		snarl_skip("no TCP on 127.0.0.1: %s", strerror(errno));
}

static void service_left_to_server(void *state)
{
	struct service *service = state;

	close(service->listener);
}

static void every_message_once(void *state)
{
	(void)state;
	snarl_ledger_check();
}

#endif
