/*
 * stream_socket/length_not_in_network_order: the length is sent in the sender's byte order.
 *
 * The server expects network byte order, most significant byte first. From a little-endian sender
 * it reads 67108864 instead of 4. No message is that long, so it ends the connection, and all that
 * would have come is lost. Two programs with the same mistake would not notice.
 *
 *   client                              server
 *   send 04 00 00 00, 4 bytes           recv the length: 0x04000000
 *   send 08 00 00 00, 8 bytes           closes
 */
#include <snarl.h>

#include "common.h"

static void message_write(int to, const snarl_item *words, uint32_t length)
{
	struct message message = {.length = length};

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
	.summary = "a message length in the sender's byte order",
	.refs = "byteorder(3); UNP 3.4; TLPI 59.2; CWE-188, CWE-198",
	.state_size = sizeof(struct service),
	.ledger_items = CLIENTS * MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", client}, {"bob", client}, {"server", server}},
	.setup = service_open,
	.started = service_left_to_server,
	.check = every_message_once,
	.expect = {.bug = SNARL_LOST_ITEM,
		.explore = SNARL_SKIPPED("the kernel decides when TCP delivers what was sent")},
};
