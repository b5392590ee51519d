/*
 * inherited_descriptor/correct_close_on_exec: exec closes a pipe that was opened with O_CLOEXEC.
 *
 * The kernel closes every descriptor that was opened with O_CLOEXEC when a process becomes another
 * program. The server need not know what else is open when it starts its helper.
 *
 *   server                helper                reader
 *   fork                  exec cat: letters[1] is closed
 *   write, write, write   read its input: waits read: three letters
 *   close letters[1]                            read: 0, the end
 *   waitpid               read: 0, ends         close work[1]
 */
#define _GNU_SOURCE
#include <snarl.h>

#include "helper.h"

static int letters_pipe(int ends[2])
{
	return pipe2(ends, O_CLOEXEC);
}

const struct snarl_scenario scenario = {
	.summary = "a pipe opened with O_CLOEXEC, which a helper started by exec does not inherit",
	.refs = "open(2), fork(2), execve(2); TLPI 27.4; CERT FIO22-C",
	.state_size = sizeof(struct office),
	.ledger_items = LETTERS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"server", server}, {"reader", reader}},
	.setup = office_open,
	.started = office_close,
	.check = every_letter_once,
	.observe = {"seen_off"},
	.expect = {.bug = SNARL_NO_BUG,
		.tsan = SNARL_SKIPPED("an actor is a thread there: what it would hand to another "
				      "program is not its own"),
		.explore = SNARL_SKIPPED("an actor is a fiber there, which cannot fork")},
};
