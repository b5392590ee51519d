/*
 * inherited_descriptor/write_end_inherited: a process that has nothing to do with a pipe keeps it
 * open.
 *
 * fork gives a child all descriptors. The letters end when nobody has their writing end any more;
 * the janitor never writes one, but could. It waits for the bell, which the reader rings at the
 * letters' end, which does not come as long as the janitor is there.
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
	.summary = "three processes with two pipes, and one end too many",
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
