/*
 * stream_socket/accept_error_ends_server: the server ends when one accept fails.
 *
 * ECONNABORTED means that one client was gone before it was accepted, and EMFILE that there is no
 * descriptor for it now. Neither concerns the clients that come next: the system connects them and
 * takes their messages too, but nobody ever reads those.
 *
 *   alice                   bob                     server
 *   connect                 connect
 *   send                    send                    accept: ECONNABORTED
 *                                                   exits
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
	while (from < 0 && errno == EINTR);
	return from;
}

const struct snarl_scenario scenario = {
	.summary = "a server that ends when accept fails once",
	.refs = "accept(2); UNP 5.11, 16.6; TLPI 56.5; CWE-755",
	.state_size = sizeof(struct service),
	.ledger_items = CLIENTS * MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", client}, {"bob", client}, {"server", server}},
	.setup = service_open,
	.started = service_left_to_server,
	.check = every_message_once,
	.inject = {"posix/io/net/accept:errno=ECONNABORTED:p=0.4",
		"posix/io/net/accept:errno=EMFILE:p=0.1"},
	.expect = {.bug = SNARL_LOST_ITEM,
		.explore = SNARL_SKIPPED("the kernel decides when TCP delivers what was sent")},
};
