/*
 * stale_event/tagged_by_number: an event of an old connection is applied to a new one.
 *
 * One answer of epoll_wait has two events. The handler of the first closes the descriptor of the
 * second, and the next connection gets its number. The second event carries only that number, so
 * that the server hangs up on the new caller.
 *
 *   bob            carol          server
 *                  connect
 *   shutdown                      epoll_wait: the listener is ready, 6 was hung up
 *                                 close(6), accept: 6, carol's from now on
 *                                 6 was hung up: close(6)
 *                  send: EPIPE
 */
#include <snarl.h>

#include "common.h"

static uint64_t line_tag(const struct server *server)
{
	return (uint64_t)server->line;
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
	.summary =
		"an epoll event that names its connection by a descriptor number that was reused",
	.refs = "epoll(7), close(2); CWE-910, CWE-672; CERT FIO46-C; TLPI 63.4.4",
	.state_size = sizeof(struct exchange),
	.ledger_items = 1,
	.isolation = SNARL_PROCESSES,
	.actors = {{"bob", bob}, {"carol", carol}, {"server", server}},
	.setup = exchange_open,
	.started = exchange_close,
	.check = letter_arrived,
	.expect = {.bug = SNARL_LOST_ITEM},
};
