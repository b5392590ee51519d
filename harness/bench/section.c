/*
 * section.c - each message in a section of memory of its own, handed over as a descriptor.
 *
 * This is how ALPC carries data that is too long for a message: the sender fills a memfd and passes
 * it by SCM_RIGHTS, the receiver maps it, copies the bytes out and unmaps it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "transfer.h"

union control {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int))];
};

static int open_pair(struct channel *channel)
{
	int error = unix_pair_open(channel, SOCK_SEQPACKET);

	channel->limit = 0; /* the bytes do not pass through the socket */
	return error;
}

static int section_fill(struct channel *channel, int fd, const char *message, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t wrote = write(fd, message + done, size - done);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0)
			return channel_failed(channel, "write");
		done += (size_t)wrote;
	}
	return 0;
}

static int section_pass(struct channel *channel, int fd, size_t size)
{
	union control control = {{0}};
	struct iovec bytes = {&size, sizeof size};
	struct msghdr message = {.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	ssize_t sent;

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(header), &fd, sizeof fd);
	do {
		sent = sendmsg(channel->out, &message, MSG_NOSIGNAL);
	} while (sent < 0 && errno == EINTR);
	return sent == sizeof size ? 0 : channel_failed(channel, "sendmsg");
}

static int section_send(struct channel *channel, const void *message, size_t size)
{
	int fd = memfd_create("snarl-bench", MFD_CLOEXEC), error;

	if (fd < 0)
		return channel_failed(channel, "memfd_create");
	error = section_fill(channel, fd, message, size);
	if (!error)
		error = section_pass(channel, fd, size);
	close(fd);
	return error;
}

static int section_take(struct channel *channel, int *fd, size_t *size)
{
	union control control;
	struct iovec bytes = {size, sizeof *size};
	struct msghdr message = {.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control};
	struct cmsghdr *header;
	ssize_t got;

	do {
		got = recvmsg(channel->in, &message, MSG_CMSG_CLOEXEC);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return channel_failed(channel, "recvmsg");
	header = CMSG_FIRSTHDR(&message);
	if (got != sizeof *size || !header || header->cmsg_type != SCM_RIGHTS)
		return channel_refuse(channel, -EIO, "recvmsg: no descriptor arrived");
	memcpy(fd, CMSG_DATA(header), sizeof *fd);
	return 0;
}

static int section_receive(struct channel *channel, void *message, size_t size)
{
	size_t sent = 0;
	int fd, error = section_take(channel, &fd, &sent);
	void *view;

	if (error)
		return error;
	view = sent == size ? mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
	close(fd);
	if (sent != size)
		return channel_refuse(channel, -EIO, "recvmsg: a section of the wrong size");
	if (view == MAP_FAILED)
		return channel_failed(channel, "mmap");
	memcpy(message, view, size);
	munmap(view, size);
	return 0;
}

MECHANISM(section_mechanism) = {
	.name = "section",
	.title = "memfd by SCM_RIGHTS",
	.family = MEMORY_HANDED_OVER,
	.copies = 2,
	.copied = "into a new memfd by write, out of its mapping by the receiver",
	.open = open_pair,
	.join = both_ways_join,
	.send = section_send,
	.receive = section_receive,
};
