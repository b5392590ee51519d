/*
 * fork_and_locks/correct_child_exits_quietly: the child ends without writing anything out.
 *
 * What is in the buffer is the parent's to write. _exit, unlike exit, leaves the child's copy of it
 * alone.
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
	.summary = "a buffer is forked, and one of the two leaves it alone",
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
