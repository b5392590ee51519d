/*
 * stale_event/correct_closed_after_answer: no number is freed while there are events left.
 *
 * The server closes a descriptor only after it has handled all events of one answer. Until then no
 * new connection can get its number. An event with the old number finds that the line is another.
 *
 *   bob            carol          server
 *                  connect
 *   shutdown                      epoll_wait: the listener is ready, 6 was hung up
 *                                 accept: 7, the line from now on
 *                                 6 was hung up: is not the line
 *                                 close(6)
 *                  send: carol#1  epoll_wait: 7, recv: carol#1
 */
#include <snarl.h>

#include "common.h"

static uint64_t line_tag(const struct server *server)
{
	return (uint64_t)server->line;
}

/* Room for one line is enough: an answer has no events of a line that it accepts. */
static void line_drop(struct server *server, int line)
{
	server->dropped = line;
}

static void answer_end(struct server *server)
{
	if (server->dropped >= 0)
		close(server->dropped);
	server->dropped = -1;
}

const struct snarl_scenario scenario = {
	.summary = "descriptors that are closed after all events of one epoll_wait are handled",
	.refs = "epoll(7), close(2); CERT FIO46-C; TLPI 63.4.4",
	.state_size = sizeof(struct exchange),
	.ledger_items = 1,
	.isolation = SNARL_PROCESSES,
	.actors = {{"bob", bob}, {"carol", carol}, {"server", server}},
	.setup = exchange_open,
	.started = exchange_close,
	.check = letter_arrived,
};
