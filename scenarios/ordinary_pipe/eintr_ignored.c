/*
 * ordinary_pipe/eintr_ignored: a read that a signal interrupted is treated as the end.
 *
 * read also returns -1 when a signal handler has run before any data came. The child treats that as
 * the end of the pipe and leaves. What the parent has sent is lost, and once no reader is left, the
 * parent's next write kills it with SIGPIPE.
 *
 *   parent                              child
 *                                       read 16: waits
 *                                       (a signal) read: -1, EINTR: "the end"
 *   write 16 bytes: parent#1            close ends[0]
 *   write 16 bytes: SIGPIPE
 */
#include <snarl.h>

#include "common.h"
#include "write_whole.h"

static bool message_read(int from, struct message *message)
{
	char *at = (char *)message;
	size_t done = 0;

	while (done < sizeof *message) {
		ssize_t got = read(from, at + done, sizeof *message - done);

		if (got <= 0)
			return false;
		done += (size_t)got;
	}
	return true;
}

const struct snarl_scenario scenario = {
	.summary = "interrupted read (EINTR), treated as the end of the pipe",
	.refs = "read(2), signal(7); TLPI 21.5, 44.10; CERT POS54-C; CWE-252",
	.state_size = sizeof(struct family),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"parent", parent}, {"child", child}},
	.setup = pipe_open,
	.started = pipe_close,
	.check = every_message_once,
	.inject = {"posix/io/rw/read:errno=EINTR:p=0.3"},
	.expect = {.bug = SNARL_LOST_ITEM | SNARL_CRASH},
};
