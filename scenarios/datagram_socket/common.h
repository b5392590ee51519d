/*
 * common.h - a sender sends messages to a receiver over UDP, which may lose, duplicate, delay or
 * truncate a datagram. Each message has a number; the receiver answers with the number that it
 * waits for. Each variant says how often the sender sends, and what the receiver takes.
 */
#ifndef SCENARIOS_DATAGRAM_SOCKET_COMMON_H
#define SCENARIOS_DATAGRAM_SOCKET_COMMON_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <snarl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* AGAIN_MS: when a message is sent again; on one machine an answer arrives sooner. */
enum { MESSAGES = 4, WORDS = 4, AGAIN_MS = 1 };

struct link {
	int sending, receiving; /* connected to each other; r/o after setup */
};

/* One end of the link, in the process that uses it. */
struct end {
	int socket;
	bool peer_gone; /* the other end is closed: what can still be received is here already */
};

/* Each word is the same item. A message without an item follows the last: there are no more. */
struct message {
	uint32_t number; /* from 0 */
	snarl_item words[WORDS];
};

/* What the receiver has received. */
struct inbox {
	uint32_t next; /* number that the receiver waits for, and answers with */
	uint32_t had;  /* one bit per number received, in variants that record it */
};

/* Send until all of them have been received, or the receiver has gone. */
static void messages_send(struct end *to, const struct message *messages, uint32_t count);
/* Receive a message; false if there was none. */
static bool message_receive(struct end *from, struct message *message);
/* Whether the receiver takes the message now. */
static bool message_is_next(const struct message *message, struct inbox *inbox);

static void datagram_send(struct end *to, const void *bytes, size_t length)
{
	ssize_t got;

	do
		got = send(to->socket, bytes, length, 0);
	while (got < 0 && errno == EINTR);
	to->peer_gone |= got < 0 && errno == ECONNREFUSED;
}

/* The datagram's length before it was cut off to fit `room`; below 0: nothing was received. */
static ssize_t datagram_receive(struct end *from, void *bytes, size_t room)
{
	ssize_t got;

	do
		got = recv(from->socket, bytes, room, MSG_DONTWAIT | MSG_TRUNC);
	while (got < 0 && errno == EINTR);
	from->peer_gone |= got < 0 && errno == ECONNREFUSED;
	return got;
}

/* Whether a datagram, or the error that the peer has gone, arrives within AGAIN_MS. */
static bool something_comes(const struct end *from)
{
	struct pollfd polled = {.fd = from->socket, .events = POLLIN};

	return poll(&polled, 1, AGAIN_MS) > 0;
}

static snarl_item item_of(const struct message *message)
{
	for (int w = 1; w < WORDS; w++)
		if (message->words[w] != message->words[0])
			return UINT32_MAX;
	return message->words[0];
}

static void sender(void *state, struct snarl_actor *self)
{
	struct link *link = state;
	struct message messages[MESSAGES + 1] = {0};
	struct end end = {.socket = link->sending};

	close(link->receiving);
	for (uint32_t m = 0; m <= MESSAGES; m++) {
		messages[m].number = m;
		if (m == MESSAGES)
			break;
		messages[m].words[0] = snarl_item_next(self);
		for (int w = 1; w < WORDS; w++)
			messages[m].words[w] = messages[m].words[0];
		snarl_ledger_put(self, messages[m].words[0], -1);
	}
	messages_send(&end, messages, MESSAGES + 1);
	close(link->sending);
}

static void receiver(void *state, struct snarl_actor *self)
{
	struct link *link = state;
	struct end end = {.socket = link->receiving};
	struct inbox inbox = {0};
	struct message message = {0};
	bool comes = true;

	close(link->sending);
	while (inbox.next <= MESSAGES && (comes || !end.peer_gone)) {
		comes = something_comes(&end);
		if (comes && message_receive(&end, &message) && message_is_next(&message, &inbox) &&
			message.number < MESSAGES)
			snarl_ledger_take(self, item_of(&message), -1);
		/* Also after a timeout, to learn whether the sender has gone. */
		datagram_send(&end, &inbox.next, sizeof inbox.next);
	}
	close(link->receiving);
}

static bool socket_bind(int *end, struct sockaddr_in *address)
{
	socklen_t size = sizeof *address;

	*address = (struct sockaddr_in){.sin_family = AF_INET};
	address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	*end = socket(AF_INET, SOCK_DGRAM, 0);
	return *end >= 0 && bind(*end, (struct sockaddr *)address, size) == 0 &&
	       getsockname(*end, (struct sockaddr *)address, &size) == 0;
}

static void link_open(void *state)
{
	struct link *link = state;
	struct sockaddr_in from, to;

	if (!socket_bind(&link->sending, &from) || !socket_bind(&link->receiving, &to) ||
		connect(link->sending, (struct sockaddr *)&to, sizeof to) != 0 ||
		connect(link->receiving, (struct sockaddr *)&from, sizeof from) != 0)
		snarl_skip("no UDP on 127.0.0.1: %s", strerror(errno));
}

static void link_close(void *state)
{
	struct link *link = state;

	close(link->sending);
	close(link->receiving);
}

static void every_message_once(void *state)
{
	(void)state;
	snarl_ledger_check();
}

#endif
