/*
 * vm_read.c - the receiver reads the sender's memory with process_vm_readv.
 *
 * The sender sends the address and waits until the bytes are taken, since it could not reuse its
 * buffer before that: each message is a rendezvous.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "transfer.h"

struct peer {
	pid_t pid;
};

static int open_both(struct channel *channel)
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel->there) != 0 ||
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel->back) != 0)
		return channel_failed(channel, "socketpair");
	return 0;
}

static int join(struct channel *channel, enum side side)
{
	struct peer *peer = calloc(1, sizeof *peer);
	pid_t self = getpid();
	int error;

	if (!peer)
		return channel_failed(channel, "calloc");
	channel->state = peer;
	two_pairs_join(channel, side);
	error = stream_send(channel, &self, sizeof self);
	if (!error)
		error = stream_receive(channel, &peer->pid, sizeof peer->pid);
	/*
	 * If Yama lets only parents look into a process, the peer has to be named. Otherwise the
	 * call fails, and nothing is needed.
	 */
	if (!error)
		prctl(PR_SET_PTRACER, peer->pid, 0, 0, 0);
	return error;
}

/* The acknowledgement comes back on the socket that the address went out on. */
static int taken_wait(struct channel *channel)
{
	struct channel reverse = *channel;
	char taken;
	int error;

	reverse.in = channel->out;
	error = stream_receive(&reverse, &taken, sizeof taken);
	return error ? channel_refuse(channel, error, reverse.why) : 0;
}

static int address_send(struct channel *channel, const void *message, size_t size)
{
	uint64_t address = (uintptr_t)message;
	int error = stream_send(channel, &address, sizeof address);

	(void)size;
	return error ? error : taken_wait(channel);
}

static int memory_receive(struct channel *channel, void *message, size_t size)
{
	const struct peer *peer = channel->state;
	struct channel reverse = *channel;
	uint64_t address;
	int error = stream_receive(channel, &address, sizeof address);

	for (size_t done = 0; !error && done < size;) {
		struct iovec here = {(char *)message + done, size - done};
		struct iovec there = {(char *)(uintptr_t)address + done, size - done};
		ssize_t got = process_vm_readv(peer->pid, &here, 1, &there, 1, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return channel_failed(channel, "process_vm_readv");
		done += (size_t)got;
	}
	if (error)
		return error;
	reverse.out = channel->in;
	error = stream_send(&reverse, "", 1);
	return error ? channel_refuse(channel, error, reverse.why) : 0;
}

MECHANISM(vm_read_mechanism) = {
	.name = "vm_read",
	.title = "process_vm_readv",
	.family = MEMORY_HANDED_OVER,
	.copies = 1,
	.copied = "from the sender's memory to the receiver's by process_vm_readv",
	.open = open_both,
	.join = join,
	.send = address_send,
	.receive = memory_receive,
};
