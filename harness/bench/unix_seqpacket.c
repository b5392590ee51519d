/* unix_seqpacket.c - a pair of sockets of the Unix domain, connected, each message by itself. */
#include <sys/socket.h>

#include "transfer.h"

static int open_pair(struct channel *channel)
{
	return unix_pair_open(channel, SOCK_SEQPACKET);
}

MECHANISM(unix_seqpacket_mechanism) = {
	.name = "unix_seqpacket",
	.title = "Unix seqpacket socket",
	.family = SINGLE_MESSAGES,
	.copies = 2,
	.copied = "into the kernel by send, out of it by recv",
	.open = open_pair,
	.join = both_ways_join,
	.send = datagram_send,
	.receive = datagram_receive,
};
