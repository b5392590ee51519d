/*
 * named_pipe/reader_gone_sigpipe: a writer that dies because its reader has gone.
 *
 * A write to a FIFO without a reader raises SIGPIPE, which by default kills the process. The writer
 * checks what write returns, but never gets that far.
 *
 *   writer                              reader
 *   write 1024: in the FIFO             read 1024: the first line
 *                                       close
 *   write 1024: killed by SIGPIPE
 *   (would close its books)
 */
#include <snarl.h>

#include "journal.h"

/* Nothing to prepare: write is expected to report every failure. */
static void writer_prepare(void)
{
}

const struct snarl_scenario scenario = {
	.summary = "the reader closes early and SIGPIPE kills the writer",
	.refs = "pipe(7), signal(7); TLPI 44.2; APUE 15.2; UNP 5.13",
	.state_size = sizeof(struct journal),
	.isolation = SNARL_PROCESSES,
	.actors = {{"writer", writer}, {"reader", reader}},
	.setup = journal_make,
	.check = books_closed,
	.observe = {"closed"},
	.expect = {.bug = SNARL_CRASH},
};
