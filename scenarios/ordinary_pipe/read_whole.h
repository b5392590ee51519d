/* read_whole.h - read all of a message, however little each read returns. */
#ifndef SCENARIOS_ORDINARY_PIPE_READ_WHOLE_H
#define SCENARIOS_ORDINARY_PIPE_READ_WHOLE_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <unistd.h>

#include "common.h"

static bool message_read(int from, struct message *message)
{
	char *at = (char *)message;
	size_t done = 0;

	while (done < sizeof *message) {
		ssize_t got = read(from, at + done, sizeof *message - done);

		if (got == 0 || (got < 0 && errno != EINTR))
			return false;
		done += got > 0 ? (size_t)got : 0;
	}
	return true;
}

#endif
