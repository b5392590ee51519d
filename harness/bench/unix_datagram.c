/* unix_datagram.c - a pair of sockets of the Unix domain, each message by itself. */
#include <sys/socket.h>

#include "transfer.h"

static int open_pair(struct channel *channel)
{
	return unix_pair_open(channel, SOCK_DGRAM);
}

MECHANISM(unix_datagram_mechanism) = {
	.name = "unix_datagram",
	.title = "Unix datagram socket",
	.family = SINGLE_MESSAGES,
	.copies = 2,
	.copied = "into the kernel by send, out of it by recv",
	.open = open_pair,
	.join = both_ways_join,
	.send = datagram_send,
	.receive = datagram_receive,
};
