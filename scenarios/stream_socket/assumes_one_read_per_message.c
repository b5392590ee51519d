/*
 * stream_socket/assumes_one_read_per_message: each recv is assumed to return one message.
 *
 * Each message is sent by one call, and on its author's machine it always came in one piece. But a
 * stream has no message boundaries: two messages that were sent before the server looked come
 * together, and the second is dropped as part of the first.
 *
 *   client                              server
 *   send 4 + 4 bytes
 *   send 4 + 8 bytes
 *                                       recv 20: 20 bytes, client#1
 *                                       recv 20: 0, the end
 */
#include <snarl.h>

#include "common.h"

static void message_write(int to, const snarl_item *words, uint32_t length)
{
	struct message message = {.length = htonl(length)};

	memcpy(message.words, words, length);
	bytes_write(to, &message, sizeof message.length + length);
}

static uint32_t message_read(int from, snarl_item *words)
{
	struct message message;
	ssize_t got;

	do
		got = recv(from, &message, sizeof message, 0);
	while (got < 0 && errno == EINTR);
	if (got < (ssize_t)sizeof message.length)
		return 0;
	memcpy(words, message.words, (size_t)got - sizeof message.length);
	return ntohl(message.length);
}

static int client_accept(int listener)
{
	int from;

	do
		from = accept(listener, NULL, NULL);
	while (from < 0 && (errno == EINTR || errno == ECONNABORTED || errno == EMFILE));
	return from;
}

const struct snarl_scenario scenario = {
	.summary = "messages over TCP, each expected from one read",
	.refs = "tcp(7); UNP 3.9; TLPI 61.1; CWE-130",
	.state_size = sizeof(struct service),
	.ledger_items = CLIENTS * MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", client}, {"bob", client}, {"server", server}},
	.setup = service_open,
	.started = service_left_to_server,
	.check = every_message_once,
	.expect = {.bug = SNARL_LOST_ITEM | SNARL_TORN_MESSAGE,
		.explore = SNARL_SKIPPED("the kernel decides when TCP delivers what was sent")},
};
