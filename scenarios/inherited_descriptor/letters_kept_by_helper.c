/*
 * inherited_descriptor/letters_kept_by_helper: a helper keeps a pipe open that it does not know of.
 *
 * Descriptors stay open across exec unless they were opened with O_CLOEXEC. cat inherits the write
 * end of the letters without knowing it. So the letters never end, the reader does not close the
 * input of cat, and the server waits for cat.
 *
 *   server                helper                reader
 *   fork                  exec cat: has letters[1]
 *   write, write, write   read its input: waits read: three letters
 *   close letters[1]                            read: waits for the end
 *   waitpid: waits
 */
#define _GNU_SOURCE
#include <snarl.h>

#include "helper.h"

static int letters_pipe(int ends[2])
{
	return pipe(ends);
}

const struct snarl_scenario scenario = {
	.summary = "a helper started by exec that inherits the write end of a pipe",
	.refs = "open(2), fork(2), execve(2); CWE-403; TLPI 27.4; CERT FIO22-C",
	.state_size = sizeof(struct office),
	.ledger_items = LETTERS,
	.isolation = SNARL_PROCESSES,
	.actors = {{"server", server}, {"reader", reader}},
	.setup = office_open,
	.started = office_close,
	.check = every_letter_once,
	.observe = {"seen_off"},
	.expect = {.bug = SNARL_HANG | SNARL_DEADLOCK,
		.tsan = SNARL_SKIPPED("an actor is a thread there: what it would hand to another "
				      "program is not its own"),
		.explore = SNARL_SKIPPED("an actor is a fiber there, which cannot fork")},
};
