/*
 * inherited_descriptor/write_end_inherited: a process that does not use a pipe keeps it open.
 *
 * fork gives a child all descriptors. The letters end when no process has their write end open any
 * more; the janitor never writes a letter, but has that end. It waits for the bell, which the
 * reader rings at the end of the letters, and the letters do not end while the janitor has the
 * write end.
 *
 *   writer                reader                janitor
 *                                               (has letters[1], and does not know)
 *   write, write, write   read: three letters   read the bell: waits
 *   close letters[1]      read: waits for the end
 *   (exits)
 */
#include <snarl.h>

#include "common.h"

static void inheritance_close(struct office *office)
{
	close(office->bell[1]);
}

const struct snarl_scenario scenario = {
	.summary = "a forked process that keeps the write end of a pipe that it does not use",
	.refs = "fork(2), pipe(7); CWE-403; TLPI 24.2.1, 44.2; CERT FIO42-C",
	.state_size = sizeof(struct office),
	.ledger_items = LETTERS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"writer", writer}, {"reader", reader}, {"janitor", janitor}},
	.setup = office_open,
	.started = office_close,
	.check = every_letter_once,
	.observe = {"locked_up"},
	.expect = {.bug = SNARL_DEADLOCK | SNARL_HANG},
};
