/*
 * fork_and_locks/correct_flushed_before_fork: the buffer is empty when fork copies it.
 *
 * The parent flushes the buffer before it forks. Each process then has an empty buffer of its own,
 * and puts only its own output into it.
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
	.summary = "a stdio buffer that is flushed before the fork",
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
