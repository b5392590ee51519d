/*
 * common.h - two processes that name each other: send(bob, message), receive(alice, message). A
 * link leads each way, and no other process has an end of it.
 */
#ifndef SCENARIOS_DIRECT_MESSAGE_COMMON_H
#define SCENARIOS_DIRECT_MESSAGE_COMMON_H

#include <errno.h>
#include <snarl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ALICE, BOB, PEERS };

struct peers {
	struct link {
		int out, in; /* the sender's end, and the receiver's */
	} to[PEERS];	     /* r/o after setup */
	int answers[PEERS];  /* each written by its peer only */
};

/* Send one whole message; false once the other peer has gone. */
static bool link_send(int end, const void *message, size_t size)
{
	ssize_t got;

	do
		got = send(end, message, size, MSG_NOSIGNAL);
	while (got < 0 && errno == EINTR);
	return got == (ssize_t)size;
}

static bool link_receive(int end, void *message, size_t size, int flags)
{
	ssize_t got;

	do
		got = recv(end, message, size, flags);
	while (got < 0 && errno == EINTR);
	return got == (ssize_t)size;
}

/* Keep the own ends only: a copy of the peer's would keep a link open after the peer has gone. */
static void links_keep(const struct peers *peers, int me)
{
	close(peers->to[me].out);
	close(peers->to[!me].in);
}

static void links_leave(const struct peers *peers, int me)
{
	close(peers->to[me].in);
	close(peers->to[!me].out);
}

static void links_open(void *state)
{
	struct peers *peers = state;

	for (int i = 0; i < PEERS; i++) {
		int ends[2];

		if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0)
			snarl_skip("no pair of sockets: %s", strerror(errno));
		peers->to[i].out = ends[0];
		peers->to[i].in = ends[1];
	}
}

static void links_close(void *state)
{
	links_keep(state, ALICE);
	links_leave(state, ALICE);
}

#endif
