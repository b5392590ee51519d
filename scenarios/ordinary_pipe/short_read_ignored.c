/*
 * ordinary_pipe/short_read_ignored: the bytes of one read are treated as a message.
 *
 * A pipe is a stream. A read returns the bytes that are there, which may be only the first ones of
 * a message. The rest of them is read as the beginning of the next message, and so on.
 *
 *   parent                              child
 *   write 16 bytes                      read 16: 7 of them, "a message"
 *   write 16 bytes                      read 16: the other 9 and 7 of parent#2
 */
#include <snarl.h>

#include "common.h"
#include "write_whole.h"

static bool message_read(int from, struct message *message)
{
	ssize_t got;

	do
		got = read(from, message, sizeof *message);
	while (got < 0 && errno == EINTR);
	return got > 0;
}

const struct snarl_scenario scenario = {
	.summary = "short reads, treated as whole messages",
	.refs = "pipe(7); TLPI 44.10, 61.1; CWE-252",
	.state_size = sizeof(struct family),
	.ledger_items = 2 * MESSAGES * WORDS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"parent", parent}, {"child", child}},
	.setup = pipe_open,
	.started = pipe_close,
	.check = every_message_once,
	.inject = {"posix/io/rw/read:short:p=0.3"},
	.expect = {.bug = SNARL_TORN_MESSAGE | SNARL_LOST_ITEM | SNARL_DUPLICATE_ITEM},
};
