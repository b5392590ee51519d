/*
 * inherited_descriptor/correct_closed_in_child: each process closes the ends that it does not use.
 *
 * The letters end when no process has their write end open any more. The janitor inherited it, like
 * every process, and closes it before it waits for anything.
 *
 *   writer                reader                janitor
 *                                               close letters[0], letters[1], bell[1]
 *   write, write, write   read: three letters   read the bell: waits
 *   close letters[1]      read: 0, the end
 *                         ring the bell         locks up
 */
#include <snarl.h>

#include "common.h"

static void inheritance_close(struct office *office)
{
	close(office->letters[0]);
	close(office->letters[1]);
	close(office->bell[1]);
}

const struct snarl_scenario scenario = {
	.summary = "forked processes that each close the pipe ends that they do not use",
	.refs = "fork(2), pipe(7); TLPI 24.2.1, 44.2; CERT FIO42-C",
	.state_size = sizeof(struct office),
	.ledger_items = LETTERS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"writer", writer}, {"reader", reader}, {"janitor", janitor}},
	.setup = office_open,
	.started = office_close,
	.check = every_letter_once,
	.observe = {"locked_up"},
};
