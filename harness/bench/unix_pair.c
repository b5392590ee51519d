/* unix_pair.c - a pair of sockets of the Unix domain, of each of the three types. */
#include <sys/socket.h>

#include "transfer.h"

static int open_stream(struct channel *channel)
{
	return unix_pair_open(channel, SOCK_STREAM);
}

MECHANISM(unix_stream_mechanism) = {
	.name = "unix_stream",
	.title = "Unix stream socket",
	.family = BYTE_STREAM,
	.copies = 2,
	.copied = "into the kernel by write, out of it by read",
	.open = open_stream,
	.join = both_ways_join,
	.send = stream_send,
	.receive = stream_receive,
};

static int open_datagram(struct channel *channel)
{
	return unix_pair_open(channel, SOCK_DGRAM);
}

MECHANISM(unix_datagram_mechanism) = {
	.name = "unix_datagram",
	.title = "Unix datagram socket",
	.family = SINGLE_MESSAGES,
	.copies = 2,
	.copied = "into the kernel by send, out of it by recv",
	.open = open_datagram,
	.join = both_ways_join,
	.send = datagram_send,
	.receive = datagram_receive,
};

static int open_seqpacket(struct channel *channel)
{
	return unix_pair_open(channel, SOCK_SEQPACKET);
}

MECHANISM(unix_seqpacket_mechanism) = {
	.name = "unix_seqpacket",
	.title = "Unix seqpacket socket",
	.family = SINGLE_MESSAGES,
	.copies = 2,
	.copied = "into the kernel by send, out of it by recv",
	.open = open_seqpacket,
	.join = both_ways_join,
	.send = datagram_send,
	.receive = datagram_receive,
};
