/*
 * common.h - a server waits with epoll for two events: bob, its only caller, hangs up; carol calls.
 * It serves one caller at a time, so that it hangs up on bob when carol calls. Each variant says
 * which tag an event of a line carries, and when the descriptor of a line is closed.
 */
#ifndef SCENARIOS_STALE_EVENT_COMMON_H
#define SCENARIOS_STALE_EVENT_COMMON_H

#include <errno.h>
#include <snarl.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { EVENTS = 2, BOBS_CALL = 1, CAROLS_CALL = 2 };

#define LISTENER UINT64_MAX /* tag of the listening socket; no line has it */

struct exchange {
	int listener; /* r/o after setup */
	int bob[2];   /* bob's end, the server's; r/o after setup */
};

struct server {
	int epoll, line; /* line: -1 if there is none */
	uint32_t call;	 /* number of the call that the line is used for */
	int dropped;	 /* a line to close later; -1: none */
};

/* The tag of events of the current line. */
static uint64_t line_tag(const struct server *server);

/* The server stops using the line. */
static void line_drop(struct server *server, int line);

/* All events of one answer have been handled. */
static void answer_end(struct server *server);

static void hang_up(struct server *server)
{
	if (server->line < 0)
		return;
	/* close alone would leave the line in the epoll set while another process has a copy. */
	epoll_ctl(server->epoll, EPOLL_CTL_DEL, server->line, NULL);
	line_drop(server, server->line);
	server->line = -1;
}

static void watch(struct server *server, int descriptor, uint64_t tag)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.u64 = tag};

	epoll_ctl(server->epoll, EPOLL_CTL_ADD, descriptor, &event);
}

static void call_accept(struct server *server, int listener)
{
	hang_up(server);
	do
		server->line = accept(listener, NULL, NULL);
	while (server->line < 0 && errno == EINTR);
	server->call++;
	watch(server, server->line, line_tag(server));
}

static void letter_receive(struct server *server, struct snarl_actor *self)
{
	snarl_item item;
	ssize_t got;

	do
		got = recv(server->line, &item, sizeof item, 0);
	while (got < 0 && errno == EINTR);
	if (got == (ssize_t)sizeof item)
		snarl_ledger_take(self, item, -1);
	hang_up(server);
}

static void event_handle(struct server *server, const struct epoll_event *event, int listener,
	struct snarl_actor *self)
{
	if (event->data.u64 == LISTENER)
		call_accept(server, listener);
	else if (server->line < 0 || event->data.u64 != line_tag(server))
		return; /* the event of a line that was dropped */
	else if (event->events & (EPOLLRDHUP | EPOLLHUP))
		hang_up(server);
	else
		letter_receive(server, self);
}

static void server(void *state, struct snarl_actor *self)
{
	struct exchange *exchange = state;
	struct server server = {epoll_create1(0), exchange->bob[1], BOBS_CALL, -1};
	struct epoll_event events[EVENTS];

	watch(&server, exchange->listener, LISTENER);
	watch(&server, server.line, line_tag(&server));
	while (server.call < CAROLS_CALL || server.line >= 0) {
		int count = epoll_wait(server.epoll, events, EVENTS, -1);

		for (int i = 0; i < count; i++)
			event_handle(&server, &events[i], exchange->listener, self);
		answer_end(&server);
	}
	close(server.epoll);
}

static void bob(void *state, struct snarl_actor *self)
{
	struct exchange *exchange = state;

	(void)self;
	SNARL_POINT("bob/talked");
	shutdown(exchange->bob[0], SHUT_RDWR); /* close: only if no process has a copy */
	close(exchange->bob[0]);
}

static struct sockaddr_un exchange_address(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof address.sun_path, "%s", snarl_path("exchange"));
	return address;
}

/* Carol sends one letter and waits until the server hangs up. */
static void carol(void *state, struct snarl_actor *self)
{
	struct sockaddr_un address = exchange_address();
	int line = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	snarl_item item = snarl_item_next(self);
	char end;

	(void)state;
	while (connect(line, (struct sockaddr *)&address, sizeof address) != 0 && errno == EINTR)
		;
	SNARL_POINT("carol/connected");
	snarl_ledger_put(self, item, -1);
	while (send(line, &item, sizeof item, MSG_NOSIGNAL) < 0 && errno == EINTR)
		;
	while (recv(line, &end, 1, 0) < 0 && errno == EINTR)
		;
	close(line);
}

static void exchange_open(void *state)
{
	struct sockaddr_un address = exchange_address();
	struct exchange *exchange = state;

	exchange->listener = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	if (bind(exchange->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
		listen(exchange->listener, 1) != 0 ||
		socketpair(AF_UNIX, SOCK_SEQPACKET, 0, exchange->bob) != 0)
		snarl_skip("no socket: %s", strerror(errno));
}

static void exchange_close(void *state)
{
	struct exchange *exchange = state;

	close(exchange->listener);
	close(exchange->bob[0]);
	close(exchange->bob[1]);
}

static void letter_arrived(void *state)
{
	(void)state;
	snarl_ledger_check();
}

#endif
