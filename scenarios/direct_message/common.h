/*
 * common.h - two processes that name each other: send(bob, message), receive(alice, message). A
 * link leads from one to the other; nobody else has an end of it.
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
		int out, in; /* the end of who sends, and of the one it leads to */
	} to[PEERS];	     /* r/o after setup */
	int answers[PEERS];  /* each its peer's only */
};

/* One message, whole; false once the other is gone. */
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

/* Keep one's own ends only: what the other does not close comes to its end for both. */
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
