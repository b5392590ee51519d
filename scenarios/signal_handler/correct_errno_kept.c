/*
 * signal_handler/correct_errno_kept: the handler restores errno.
 *
 * The handler saves errno first and restores it last. Wherever it interrupts the owner, and
 * whatever its own calls set, the interrupted code sees no change.
 *
 *   owner                                  sender
 *   read: -1, errno = EAGAIN: no letter yet
 *                                          kill(owner, SIGUSR1)
 *   (the handler) waitpid: errno = ECHILD; restores EAGAIN
 *   errno is EAGAIN: reads again
 */
#define _GNU_SOURCE
#include <snarl.h>

#include "mail.h"

static void child_ended(int number)
{
	int error = errno;

	(void)number;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	errno = error;
}

const struct snarl_scenario scenario = {
	.summary = "a signal handler that leaves errno as it was",
	.refs = "signal-safety(7), errno(3); CERT ERR32-C; TLPI 21.1.3; APUE 10.6",
	.state_size = sizeof(struct mailbox),
	.ledger_items = 1,
	.isolation = SNARL_PROCESSES,
	.actors = {{"owner", owner}, {"sender", sender}},
	.setup = mailbox_open,
	.check = letter_arrived,
	.teardown = mailbox_close,
	.observe = {"given_up"},
	.expect = {.bug = SNARL_NO_BUG,
		.tsan = SNARL_SKIPPED(
			"a signal is sent to a process, and the actors share one there"),
		.explore = SNARL_SKIPPED("signals that come at any time are not modelled")},
};
