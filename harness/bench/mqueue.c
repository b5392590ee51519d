/*
 * mqueue.c - POSIX message queues, one for each way.
 *
 * A queue's descriptor is inherited, so its name is removed as soon as it is open: if /dev/mqueue
 * is not mounted, nobody could find a queue that a killed run has left.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>

#include "channel.h"

enum { DEPTH_WANTED = 10, SIZE_DEFAULT = 8192 }; /* both what Linux allows everyone */

static long limit_read(const char *path, long missing)
{
	FILE *file = fopen(path, "re");
	long limit = missing;

	if (!file)
		return missing;
	if (fscanf(file, "%ld", &limit) != 1)
		limit = missing;
	fclose(file);
	return limit;
}

static int open_both(struct channel *channel)
{
	struct mq_attr attributes = {
		.mq_maxmsg = limit_read("/proc/sys/fs/mqueue/msg_max", DEPTH_WANTED),
		.mq_msgsize = limit_read("/proc/sys/fs/mqueue/msgsize_max", SIZE_DEFAULT)};
	char name[CHANNEL_NAME_MAX + 8];

	if (attributes.mq_maxmsg > DEPTH_WANTED)
		attributes.mq_maxmsg = DEPTH_WANTED;
	if (attributes.mq_msgsize > CHANNEL_CAPACITY)
		attributes.mq_msgsize = CHANNEL_CAPACITY;
	for (int back = 0; back < 2; back++) {
		int *end = back ? channel->back : channel->there;

		snprintf(name, sizeof name, "/%s-%s", channel->name, back ? "back" : "there");
		*end = mq_open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600, &attributes);
		if (*end < 0)
			return channel_failed(channel, "mq_open");
		mq_unlink(name);
	}
	channel->limit = (size_t)attributes.mq_msgsize;
	return 0;
}

static int join(struct channel *channel, enum side side)
{
	channel->out = side == CLIENT ? channel->there[0] : channel->back[0];
	channel->in = side == CLIENT ? channel->back[0] : channel->there[0];
	return 0;
}

static int queue_send(struct channel *channel, const void *message, size_t size)
{
	while (mq_send(channel->out, message, size, 0) != 0)
		if (errno != EINTR)
			return channel_failed(channel, "mq_send");
	return 0;
}

/* The buffer has to be as long as the longest message, however short this one is. */
static int queue_receive(struct channel *channel, void *message, size_t size)
{
	ssize_t got;

	do {
		got = mq_receive(channel->in, message, channel->limit, NULL);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return channel_failed(channel, "mq_receive");
	if ((size_t)got != size)
		return channel_refuse(channel, -EIO, "mq_receive: a message of the wrong size");
	return 0;
}

MECHANISM(mqueue_mechanism) = {
	.name = "mqueue",
	.title = "POSIX message queue",
	.family = SINGLE_MESSAGES,
	.copies = 2,
	.copied = "into the kernel by mq_send, out of it by mq_receive",
	.names = "/dev/mqueue",
	.open = open_both,
	.join = join,
	.send = queue_send,
	.receive = queue_receive,
};
