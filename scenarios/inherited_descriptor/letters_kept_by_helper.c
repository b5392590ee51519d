/*
 * inherited_descriptor/letters_kept_by_helper: a program that never heard of a pipe keeps it open.
 *
 * Descriptors stay open when a process becomes another program, unless they were opened to be
 * closed then. cat has the writing end of the letters and does not know; so they never end, the
 * reader does not close the input of cat, and the server waits for cat.
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
	.summary = "a helper is started, and inherits one end too many",
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
