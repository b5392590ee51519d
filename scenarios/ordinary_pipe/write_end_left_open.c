/*
 * ordinary_pipe/write_end_left_open: the child keeps its copy of the end that it does not use.
 *
 * fork gave both ends to both processes. The pipe ends when nobody has its writing end any more,
 * and the child itself still has it: it waits for the end of what only it could go on writing.
 *
 *   parent                              child
 *   close ends[0]
 *   write 16 bytes                      read 16: parent#1
 *   close ends[1]
 *   (exits)                             read 16: waits for ever
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

	receive_all(family->ends[0], self);
	close(family->ends[0]);
}

const struct snarl_scenario scenario = {
	.summary = "whole messages through a pipe, and an end that never comes",
	.refs = "pipe(7); TLPI 44.2; Stevens APUE 15.2",
	.state_size = sizeof(struct family),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"parent", parent}, {"child", child}},
	.setup = pipe_open,
	.started = pipe_close,
	.check = every_message_once,
	.expect = {.bug = SNARL_HANG | SNARL_DEADLOCK},
};
