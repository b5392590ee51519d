/*
 * named_pipe/correct_epipe_noticed: a writer that notices that its reader has gone.
 *
 * SIGPIPE is ignored before there is anything to write to. Then write fails with EPIPE, which
 * reports the same event where the writer can handle it.
 *
 *   writer                              reader
 *   write 1024: in the FIFO             read 1024: the first line
 *                                       close
 *   write 1024: -1, EPIPE
 *   closes its books
 */
#include <snarl.h>

#include "journal.h"

static void writer_prepare(void)
{
	signal(SIGPIPE, SIG_IGN);
}

const struct snarl_scenario scenario = {
	.summary = "writer that gets EPIPE because the reader closes early",
	.refs = "pipe(7), signal(7); TLPI 44.2; APUE 15.2; UNP 5.13",
	.state_size = sizeof(struct journal),
	.isolation = SNARL_PROCESSES,
	.actors = {{"writer", writer}, {"reader", reader}},
	.setup = journal_make,
	.check = books_closed,
	.observe = {"closed"},
};
