/*
 * sync_async/edge_triggered_not_drained: an edge is taken for a message.
 *
 * Edge-triggered, epoll tells once of what has come since it told last, be it one message or two.
 * The receiver takes one and waits again: the other is there, and no edge will ever tell.
 *
 *   sender                          receiver
 *   send sender#1
 *   send sender#2
 *                                   epoll_wait: an edge
 *                                   recv: sender#1
 *   close                           epoll_wait: an edge
 *                                   recv: sender#2
 *                                   epoll_wait: waits for ever
 */
#include <snarl.h>
#include <sys/epoll.h>

#include "common.h"
#include "send_async.h"

static void receive_all(int in, struct snarl_actor *self)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLET};
	int watch = epoll_create1(0);
	snarl_item item;
	ssize_t got = epoll_ctl(watch, EPOLL_CTL_ADD, in, &event) == 0;

	while (got != 0) {
		epoll_wait(watch, &event, 1, -1);
		got = recv(in, &item, sizeof item, MSG_DONTWAIT);
		if (got > 0)
			snarl_ledger_take(self, item, -1);
	}
	close(watch);
}

const struct snarl_scenario scenario = {
	.summary = "epoll, edge-triggered; each edge brings one message",
	.refs = "CWE-833; epoll(7); TLPI 63.4.6",
	.state_size = sizeof(struct channel),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"sender", transmit}, {"receiver", receive}},
	.setup = channel_open,
	.started = channel_close,
	.check = every_message_once,
	.expect = {.bug = SNARL_HANG | SNARL_DEADLOCK},
};
