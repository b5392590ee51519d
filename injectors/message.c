/* message.c - messages that are lost, duplicated, late, or cut off. */
#include "message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "actor.h"

/* A copy of a message, for later. */
struct message {
	uint64_t execution; /* to which it belongs */
	int descriptor, flags;
	message_call *call;
	struct sockaddr_storage address;
	socklen_t address_length; /* 0: none */
	size_t length;
	unsigned char bytes[];
};

_Thread_local struct message *message_kept;
_Thread_local size_t message_left;

bool message_whole(int descriptor)
{
	int type = SOCK_STREAM, error = errno;
	socklen_t size = sizeof type;

	getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size);
	errno = error; /* the call may yet succeed */
	return type == SOCK_DGRAM || type == SOCK_SEQPACKET;
}

size_t message_length(const struct msghdr *message)
{
	size_t length = 0;

	for (size_t i = 0; i < message->msg_iovlen; i++)
		length += message->msg_iov[i].iov_len;
	return length;
}

/* A copy of its first `length` bytes; NULL if there is no memory. */
static struct message *message_copy(
	int descriptor, const struct msghdr *message, size_t length, int flags, message_call *call)
{
	struct message *copy = malloc(sizeof *copy + length);

	if (!copy)
		return NULL;
	*copy = (struct message){.descriptor = descriptor, .flags = flags, .call = call};
	if (message->msg_name && message->msg_namelen <= sizeof copy->address) {
		copy->address_length = message->msg_namelen;
		memcpy(&copy->address, message->msg_name, copy->address_length);
	}
	for (size_t i = 0; copy->length < length; i++) {
		const struct iovec *part = &message->msg_iov[i];
		size_t left = length - copy->length;
		size_t count = part->iov_len < left ? part->iov_len : left;

		memcpy(copy->bytes + copy->length, part->iov_base, count);
		copy->length += count;
	}
	return copy;
}

static ssize_t copy_send(struct message *copy, int flags)
{
	struct iovec part = {copy->bytes, copy->length};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

	if (copy->address_length) {
		message.msg_name = &copy->address;
		message.msg_namelen = copy->address_length;
	}
	return copy->call(copy->descriptor, &message, copy->flags | flags);
}

/*
 * The sender already believes that it was sent: if it cannot be, it is lost on its way. A message
 * from an execution that was broken off is never sent.
 */
void message_let_go(int but)
{
	struct message *kept = message_kept;
	int error = errno;

	if (kept->descriptor == but && kept->execution == actor_self->execution)
		return;
	message_kept = NULL;
	if (kept->execution == actor_self->execution)
		while (copy_send(kept, MSG_NOSIGNAL) < 0 && errno == EINTR)
			;
	free(kept);
	errno = error;
}

static bool keep(int descriptor, const struct msghdr *message, int flags, message_call *call)
{
	message_kept = message_copy(descriptor, message, message_length(message), flags, call);
	if (!message_kept)
		return false;
	message_kept->execution = actor_self->execution;
	return true;
}

/* The second copy does not wait for buffer space, because its sender knows of only one. */
static void repeat(int descriptor, const struct msghdr *message, int flags, message_call *call)
{
	int error = errno;

	call(descriptor, message, flags | MSG_DONTWAIT | MSG_NOSIGNAL);
	errno = error;
}

static ssize_t cut_off(int descriptor, const struct msghdr *message, int flags, message_call *call)
{
	struct message *copy = message_copy(descriptor, message, message_left, flags, call);
	ssize_t answer;
	int error;

	if (!copy)
		return call(descriptor, message, flags);
	answer = copy_send(copy, 0);
	error = errno;
	free(copy);
	errno = error;
	return answer < 0 ? answer : (ssize_t)message_length(message);
}

ssize_t message_sendmsg(
	int error, int descriptor, const struct msghdr *message, int flags, message_call *call)
{
	ssize_t answer;

	if (error == INJECT_DROP)
		answer = (ssize_t)message_length(message);
	else if (error == INJECT_REORDER && keep(descriptor, message, flags, call))
		return (ssize_t)message_length(message);
	else if (error == INJECT_TRUNCATE)
		answer = cut_off(descriptor, message, flags, call);
	else
		answer = call(descriptor, message, flags);
	if (answer >= 0 && error == INJECT_DUPLICATE)
		repeat(descriptor, message, flags, call);
	if (answer >= 0)
		message_release(MESSAGE_ALL);
	return answer;
}

ssize_t message_sendto(int error, int descriptor, const void *bytes, size_t count, int flags,
	const struct sockaddr *address, socklen_t length, message_call *call)
{
	struct iovec part = {(void *)bytes, count};
	const struct msghdr message = {
		.msg_name = (void *)address,
		.msg_namelen = length,
		.msg_iov = &part,
		.msg_iovlen = 1,
	};

	return message_sendmsg(error, descriptor, &message, flags, call);
}
