/* pipe.c - two pipes, one for each way. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <unistd.h>

#include "transfer.h"

enum { READ_END, WRITE_END };

static int open_both(struct channel *channel)
{
	if (pipe2(channel->there, O_CLOEXEC) != 0 || pipe2(channel->back, O_CLOEXEC) != 0)
		return channel_failed(channel, "pipe");
	return 0;
}

/* A write end that stayed open in the reader would keep it from seeing the end of the stream. */
static int join(struct channel *channel, enum side side)
{
	int *mine = side == CLIENT ? channel->there : channel->back;
	int *theirs = side == CLIENT ? channel->back : channel->there;

	close(mine[READ_END]);
	close(theirs[WRITE_END]);
	channel->out = mine[WRITE_END];
	channel->in = theirs[READ_END];
	return 0;
}

MECHANISM(pipe_mechanism) = {
	.name = "pipe",
	.title = "pipe",
	.family = BYTE_STREAM,
	.copies = 2,
	.copied = "into the kernel by write, out of it by read",
	.open = open_both,
	.join = join,
	.send = stream_send,
	.receive = stream_receive,
};
