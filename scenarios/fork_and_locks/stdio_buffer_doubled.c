/*
 * fork_and_locks/stdio_buffer_doubled: parent and child each flush the same buffer.
 *
 * stdio writes to a pipe only when its buffer is full, or when the stream is closed or the process
 * exits. fork copies the buffer with all that is in it, and both copies are written: the child's by
 * exit, the parent's by fclose.
 *
 *   parent                    child                 reader
 *   fwrite: in the buffer
 *   fork                      (has the buffer too)
 *                             exit: writes it       parent#1
 *   fclose: writes it                               parent#1
 */
#include <snarl.h>

#include "stream.h"

static void fork_prepare(FILE *out)
{
	(void)out;
}

static void child(void)
{
	exit(0);
}

const struct snarl_scenario scenario = {
	.summary = "a stdio buffer that fork copies, and that both processes flush",
	.refs = "fork(2), exit(3), stdio(3); TLPI 25.4; APUE 8.3; CERT FIO23-C",
	.state_size = sizeof(struct family),
	.ledger_items = 2 * LETTERS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"parent", parent}, {"reader", reader}},
	.setup = family_open,
	.started = family_close,
	.check = every_letter_once,
	.expect = {.bug = SNARL_DUPLICATE_ITEM,
		.tsan = SNARL_SKIPPED("an actor is a thread there: it cannot fork what passes for "
				      "its process"),
		.explore = SNARL_SKIPPED("an actor is a fiber there, which cannot fork")},
};
