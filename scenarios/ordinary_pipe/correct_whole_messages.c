/*
 * ordinary_pipe/correct_whole_messages: a pipe is a stream, which knows nothing of messages.
 *
 * Whoever writes goes on until all of a message is in the pipe, whoever reads until all of one is
 * there, and both begin again after a signal. The end comes when nobody has the writing end any
 * more: parent and shell close it, and the child its own copy before it reads.
 *
 *   parent                              child
 *   close ends[0]                       close ends[1]
 *   write 16 bytes                      read 16: 7 of them
 *   write 16 bytes                      read the other 9: parent#1
 *   close ends[1]                       read 16: parent#2
 *                                       read: 0, the end
 */
#include <snarl.h>

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

static void parent(void *state, struct snarl_actor *self)
{
	struct family *family = state;

	close(family->ends[0]);
	send_all(family->ends[1], self);
	close(family->ends[1]);
}

static void child(void *state, struct snarl_actor *self)
{
	struct family *family = state;

	close(family->ends[1]);
	receive_all(family->ends[0], self);
	close(family->ends[0]);
}

const struct snarl_scenario scenario = {
	.summary = "whole messages through a pipe, to its end",
	.refs = "pipe(7), read(2), write(2); TLPI 44.10, 61.1",
	.state_size = sizeof(struct family),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"parent", parent}, {"child", child}},
	.setup = pipe_open,
	.started = pipe_close,
	.check = every_message_once,
};
