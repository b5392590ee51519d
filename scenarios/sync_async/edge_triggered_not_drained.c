/*
 * sync_async/edge_triggered_not_drained: the receiver takes one message after each edge.
 *
 * Edge-triggered epoll reports only once what has come since its last report, be it one message or
 * two. The receiver takes one and waits again: it stays one behind, and after the last edge it
 * waits for what is already there.
 *
 *   sender                          receiver
 *   send sender#1
 *   send sender#2
 *                                   epoll_wait: an edge
 *                                   recv: sender#1
 *   close                           epoll_wait: an edge
 *                                   recv: sender#2
 *                                   epoll_wait: waits forever
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
	.summary = "edge-triggered epoll; one message is received after each edge",
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
