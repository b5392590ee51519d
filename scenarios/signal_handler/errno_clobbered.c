/*
 * signal_handler/errno_clobbered: the handler's calls change the errno of the interrupted code.
 *
 * The handler reaps children that have ended; usually there are none, and waitpid sets errno to
 * ECHILD. If the handler interrupts the owner between a call that failed and the check of its
 * errno, the owner reads that ECHILD.
 *
 *   owner                                  sender
 *   read: -1, errno = EAGAIN: no letter yet
 *                                          kill(owner, SIGUSR1)
 *   (the handler) waitpid: errno = ECHILD
 *   errno is not EAGAIN: the mailbox is broken, gives up
 */
#define _GNU_SOURCE
#include <snarl.h>

#include "mail.h"

static void child_ended(int number)
{
	(void)number;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

const struct snarl_scenario scenario = {
	.summary = "a signal handler that changes errno",
	.refs = "signal-safety(7), errno(3); CWE-828; CERT ERR32-C; TLPI 21.1.3; APUE 10.6",
	.state_size = sizeof(struct mailbox),
	.ledger_items = 1,
	.isolation = SNARL_PROCESSES,
	.actors = {{"owner", owner}, {"sender", sender}},
	.setup = mailbox_open,
	.check = letter_arrived,
	.teardown = mailbox_close,
	.observe = {"given_up"},
	.inject = {"owner/answered:delay:p=0.5,us=20..200"},
	.expect = {.bug = SNARL_LOST_ITEM,
		.tsan = SNARL_SKIPPED(
			"a signal is sent to a process, and the actors share one there"),
		.explore = SNARL_SKIPPED("signals that come at any time are not modelled")},
};
