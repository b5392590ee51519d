/* write_whole.h - write all of a message, however little each write takes. */
#ifndef SCENARIOS_ORDINARY_PIPE_WRITE_WHOLE_H
#define SCENARIOS_ORDINARY_PIPE_WRITE_WHOLE_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <unistd.h>

#include "common.h"

static bool message_write(int to, const struct message *message)
{
	const char *at = (const char *)message;
	size_t done = 0;

	while (done < sizeof *message) {
		ssize_t got = write(to, at + done, sizeof *message - done);

		if (got < 0 && errno != EINTR)
			return false;
		done += got > 0 ? (size_t)got : 0;
	}
	return true;
}

#endif
