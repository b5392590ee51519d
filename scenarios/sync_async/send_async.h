/* send_async.h - a non-blocking send; if there is no room, it waits in poll until there is. */
#ifndef SCENARIOS_SYNC_ASYNC_SEND_ASYNC_H
#define SCENARIOS_SYNC_ASYNC_SEND_ASYNC_H

#include <errno.h>
#include <poll.h>
#include <snarl.h>
#include <stdbool.h>
#include <sys/socket.h>

static bool message_send(int out, snarl_item item)
{
	struct pollfd room = {.fd = out, .events = POLLOUT};

	while (send(out, &item, sizeof item, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
		if (errno == EAGAIN)
			poll(&room, 1, -1);
		else if (errno != EINTR)
			return false;
	}
	return true;
}

#endif
