/*
 * ordinary_pipe/short_write_ignored: a write that did not fail is treated as complete.
 *
 * A write of up to PIPE_BUF bytes is atomic. A longer one puts in as many bytes as there is room
 * for; if a signal comes while the rest waits, write returns the number of bytes so far. The next
 * message then begins in the middle of this one.
 *
 *   parent                              child
 *   write 8192 bytes: 4096 of them
 *   (a signal) treats it as complete    read 8192: 4096 of them
 *   write 8192 bytes: parent#2          read the other 4096: half of parent#2
 */
#include <snarl.h>

#define WORDS 2048 /* twice PIPE_BUF */

#include "common.h"
#include "read_whole.h"

static bool message_write(int to, const struct message *message)
{
	ssize_t got;

	do
		got = write(to, message, sizeof *message);
	while (got < 0 && errno == EINTR);
	return got > 0;
}

const struct snarl_scenario scenario = {
	.summary = "short writes, treated as complete",
	.refs = "pipe(7), write(2); TLPI 44.10, 61.1; CWE-252",
	.state_size = sizeof(struct family),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"parent", parent}, {"child", child}},
	.setup = pipe_open,
	.started = pipe_close,
	.check = every_message_once,
	.inject = {"posix/io/rw/write:short:p=0.3"},
	.expect = {.bug = SNARL_TORN_MESSAGE | SNARL_LOST_ITEM},
};
