/*
 * ordinary_pipe/correct_whole_messages: a pipe is a stream without message boundaries.
 *
 * The writer continues until all of a message is in the pipe, the reader until all of one has
 * arrived, and both repeat a call that a signal interrupted. The reader sees the end of the file
 * once every copy of the writing end is closed: the parent closes its own, and the child closes its
 * copy before it reads.
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
#include "read_whole.h"
#include "write_whole.h"

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
