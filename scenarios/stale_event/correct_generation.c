/*
 * stale_event/correct_generation: an event carries the number of the call that it is about.
 *
 * The tag has a generation beside the descriptor number. A new connection may get the number of an
 * old one, but it gets a generation of its own, so that events of the old one match no longer.
 *
 *   bob            carol          server
 *                  connect
 *   shutdown                      epoll_wait: the listener is ready, 6 of call 1 was hung up
 *                                 close(6), accept: 6, call 2
 *                                 6 of call 1: no such call
 *                  send: carol#1  epoll_wait: 6 of call 2, recv: carol#1
 */
#include <snarl.h>

#include "common.h"

static uint64_t line_tag(const struct server *server)
{
	return (uint64_t)server->call << 32 | (uint32_t)server->line;
}

static void line_drop(struct server *server, int line)
{
	(void)server;
	close(line);
}

static void answer_end(struct server *server)
{
	(void)server;
}

const struct snarl_scenario scenario = {
	.summary = "an epoll event that carries the generation of its connection",
	.refs = "epoll(7), close(2); CERT FIO46-C; TLPI 63.4.4",
	.state_size = sizeof(struct exchange),
	.ledger_items = 1,
	.isolation = SNARL_PROCESSES,
	.actors = {{"bob", bob}, {"carol", carol}, {"server", server}},
	.setup = exchange_open,
	.started = exchange_close,
	.check = letter_arrived,
};
