/*
 * stream_socket/correct_framed: each message is read by its length, since TCP carries only bytes.
 *
 * The server reads until it has the whole length, and then all the bytes that it announces, however
 * they come. A length that no message has ends the connection. A client that is gone before it was
 * accepted does not keep the server from waiting for the next one.
 *
 *   client                              server
 *   send 4 + 4 bytes                    recv 4 of the length: all
 *   send 4 + 8 bytes                    recv 4 of 4 bytes: client#1
 *                                       recv 4 of the length: all
 *                                       recv 8 of 8 bytes: client#2
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
	uint32_t length;

	if (!bytes_read(from, &length, sizeof length))
		return 0;
	length = ntohl(length);
	if (length > WORDS * sizeof *words || !bytes_read(from, words, length))
		return 0;
	return length;
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
	.summary = "messages over TCP, each with its length in front",
	.refs = "tcp(7), accept(2); UNP 3.9, 5.11; TLPI 61.1",
	.state_size = sizeof(struct service),
	.ledger_items = CLIENTS * MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", client}, {"bob", client}, {"server", server}},
	.setup = service_open,
	.started = service_left_to_server,
	.check = every_message_once,
	.inject = {"posix/io/net/accept:errno=ECONNABORTED:p=0.2"},
	.expect = {.explore = SNARL_SKIPPED("the kernel decides when TCP delivers what was sent")},
};
