/*
 * ordinary_pipe/write_end_left_open: the child keeps its copy of the writing end.
 *
 * fork gave both ends to both processes. A pipe ends once nobody has its writing end open, but the
 * child itself still has it open. The child waits for the end of a pipe that only it could still
 * write to.
 *
 *   parent                              child
 *   close ends[0]
 *   write 16 bytes                      read 16: parent#1
 *   close ends[1]
 *   (exits)                             read 16: waits forever
 */
#include <snarl.h>

#include "common.h"
#include "read_whole.h"
#include "write_whole.h"

static void child_keeps_both(void *state, struct snarl_actor *self)
{
	struct family *family = state;

	receive_all(family->ends[0], self);
	close(family->ends[0]);
}

const struct snarl_scenario scenario = {
	.summary = "pipe without an end: the reader keeps its copy of the writing end",
	.refs = "pipe(7); TLPI 44.2; Stevens APUE 15.2",
	.state_size = sizeof(struct family),
	.ledger_items = MESSAGES,
	.isolation = SNARL_PROCESSES,
	.actors = {{"parent", parent}, {"child", child_keeps_both}},
	.setup = pipe_open,
	.started = pipe_close,
	.check = every_message_once,
	.expect = {.bug = SNARL_HANG | SNARL_DEADLOCK},
};
