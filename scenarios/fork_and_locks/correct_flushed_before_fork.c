/*
 * fork_and_locks/correct_flushed_before_fork: there is nothing in the buffer when it is copied.
 *
 * The parent writes it out before it forks. Each process has a buffer of its own then, and puts
 * its own into it.
 *
 *   parent                    child                 reader
 *   fwrite: in the buffer
 *   fflush: writes it                               parent#1
 *   fork                      (has an empty buffer)
 *                             exit: nothing to write
 */
#include <snarl.h>

#include "stream.h"

static void fork_prepare(FILE *out)
{
	fflush(out);
}

static void child(void)
{
	exit(0);
}

const struct snarl_scenario scenario = {
	.summary = "a buffer is written out before it is forked",
	.refs = "fork(2), exit(3), stdio(3); TLPI 25.4; APUE 8.3",
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
