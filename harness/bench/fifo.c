/* fifo.c - two named pipes, one for each way. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "transfer.h"

#define FOLDER "/tmp"

enum { PATH_ROOM = CHANNEL_NAME_MAX + 16 };

static const char *path_of(char path[static PATH_ROOM], const struct channel *channel, bool back)
{
	snprintf(path, PATH_ROOM, FOLDER "/%s-%s", channel->name, back ? "back" : "there");
	return path;
}

static int make_both(struct channel *channel)
{
	char path[PATH_ROOM];

	for (int back = 0; back < 2; back++)
		if (mkfifo(path_of(path, channel, back), 0600) != 0)
			return channel_failed(channel, "mkfifo");
	return 0;
}

/* Open waits for the other side, and a signal may end the wait. */
static int end_open(const struct channel *channel, bool back, int how)
{
	char path[PATH_ROOM];
	int fd;

	path_of(path, channel, back);
	do {
		fd = open(path, how | O_CLOEXEC);
	} while (fd < 0 && errno == EINTR);
	return fd;
}

/* Both sides open both FIFOs in the same order: otherwise each would wait in open for the other. */
static int join(struct channel *channel, enum side side)
{
	int first = end_open(channel, false, side == CLIENT ? O_WRONLY : O_RDONLY);
	int second = first < 0 ? -1 : end_open(channel, true, side == CLIENT ? O_RDONLY : O_WRONLY);

	if (second < 0)
		return channel_failed(channel, "open");
	channel->out = side == CLIENT ? first : second;
	channel->in = side == CLIENT ? second : first;
	return 0;
}

static void forget(struct channel *channel)
{
	char path[PATH_ROOM];

	for (int back = 0; back < 2; back++)
		unlink(path_of(path, channel, back));
}

MECHANISM(fifo_mechanism) = {
	.name = "fifo",
	.title = "FIFO",
	.family = BYTE_STREAM,
	.copies = 2,
	.copied = "into the kernel by write, out of it by read",
	.names = FOLDER,
	.open = make_both,
	.join = join,
	.send = stream_send,
	.receive = stream_receive,
	.forget = forget,
};
