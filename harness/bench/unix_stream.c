/* unix_stream.c - a pair of sockets of the Unix domain, a stream of bytes. */
#include <sys/socket.h>

#include "transfer.h"

static int open_pair(struct channel *channel)
{
	return unix_pair_open(channel, SOCK_STREAM);
}

MECHANISM(unix_stream_mechanism) = {
	.name = "unix_stream",
	.title = "Unix stream socket",
	.family = BYTE_STREAM,
	.copies = 2,
	.copied = "into the kernel by write, out of it by read",
	.open = open_pair,
	.join = both_ways_join,
	.send = stream_send,
	.receive = stream_receive,
};
