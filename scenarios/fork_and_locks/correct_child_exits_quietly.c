/*
 * fork_and_locks/correct_child_exits_quietly: the child ends with _exit, which writes nothing.
 *
 * The buffered bytes are the parent's to write. The child leaves its copy of the buffer alone,
 * because _exit, unlike exit, does not flush stdio streams.
 *
 *   parent                    child                 reader
 *   fwrite: in the buffer
 *   fork                      (has the buffer too)
 *                             _exit: writes nothing
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
	_exit(0);
}

const struct snarl_scenario scenario = {
	.summary = "a child that ends with _exit, so that only the parent flushes the stdio buffer",
	.refs = "fork(2), _exit(2), stdio(3); TLPI 25.4; APUE 8.3",
	.state_size = sizeof(struct family),
	.ledger_items = 2 * LETTERS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"parent", parent}, {"reader", reader}},
	.setup = family_open,
	.started = family_close,
	.check = every_letter_once,
	.expect = {.bug = SNARL_NO_BUG,
		.tsan = SNARL_SKIPPED("an actor is a thread there: it cannot fork what passes for "
				      "its process"),
		.explore = SNARL_SKIPPED("an actor is a fiber there, which cannot fork")},
};
