/*
 * message.h - faults of messages: they are lost, duplicated, late, or cut off.
 *
 * This applies to sockets that preserve message boundaries, not to streams. A late message is a
 * copy that its sender keeps: it is sent after the actor's next message on that descriptor; or else
 * before the actor waits for anything or uses the descriptor otherwise, or when its run ends. A
 * reordered message is therefore always delivered before its sender blocks.
 */
#ifndef SNARL_INJECTORS_MESSAGE_H
#define SNARL_INJECTORS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "inject.h"

/* How a message is sent: sendmsg, or its replacement. */
typedef ssize_t message_call(int descriptor, const struct msghdr *message, int flags);

/* Whether the descriptor is a socket that keeps messages whole. */
bool message_whole(int descriptor);

/* Bytes that are left of this thread's message if it is cut off; set where that is decided. */
extern _Thread_local size_t message_left;

/* Bytes of a message. */
size_t message_length(const struct msghdr *message);

/*
 * Send the message as `error` says, which inject_fire returned, and after it the one that was kept.
 * Returns what the sender is to believe.
 */
ssize_t message_sendmsg(
	int error, int descriptor, const struct msghdr *message, int flags, message_call *call);
ssize_t message_sendto(int error, int descriptor, const void *bytes, size_t count, int flags,
	const struct sockaddr *address, socklen_t length, message_call *call);

/* Send the kept message, unless the next message on the descriptor `but` is to overtake it. */
static inline void message_release(int but)
{
	if (__builtin_expect(message_kept != NULL, 0))
		message_let_go(but);
}

/* Whether a message has a fault, or one is kept: its call alone is then not enough. */
static inline bool message_astray(int error)
{
	return __builtin_expect(error <= INJECT_DROP || message_kept, 0);
}

/* inject_io for sendmsg. A copy cannot keep control data: such a message has length 0. */
static inline __attribute__((always_inline)) int message_inject(
	const struct snarl_point *point, int descriptor, const struct msghdr *message)
{
	size_t length;

	if (__builtin_expect(!point->armed, 1))
		return 0;
	length = message->msg_controllen ? 0 : message_length(message);
	return inject_io(point, &length, descriptor);
}

#endif
