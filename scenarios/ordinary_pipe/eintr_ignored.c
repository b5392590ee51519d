/*
 * ordinary_pipe/eintr_ignored: a read that a signal interrupted is taken for the pipe's end.
 *
 * read returns -1 as well when a handler has run before anything came. The child takes it for the
 * end and goes. What the parent has sent is lost, and once nobody can read it any more, the
 * parent's next write kills it.
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
	.summary = "an interrupted read, taken for the end",
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
