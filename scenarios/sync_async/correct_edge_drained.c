/*
 * sync_async/correct_edge_drained: the receiver takes all messages after each edge.
 *
 * Edge-triggered epoll reports only once what has come since its last report: an edge says that
 * something came, not how much. So the receiver takes all that is there, until EAGAIN, before it
 * waits again.
 *
 *   sender                          receiver
 *   send sender#1
 *   send sender#2
 *                                   epoll_wait: an edge
 *                                   recv: sender#1, recv: sender#2, recv: EAGAIN
 *   close                           epoll_wait: an edge
 *                                   recv: 0, the end
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
		while ((got = recv(in, &item, sizeof item, MSG_DONTWAIT)) != 0) {
			if (got > 0)
				snarl_ledger_take(self, item, -1);
			else if (errno != EINTR)
				break;
		}
	}
	close(watch);
}

const struct snarl_scenario scenario = {
	.summary = "edge-triggered epoll; all messages are received after each edge",
	.refs = "epoll(7); TLPI 63.4.6",
	.state_size = sizeof(struct channel),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"sender", transmit}, {"receiver", receive}},
	.setup = channel_open,
	.started = channel_close,
	.check = every_message_once,
};
