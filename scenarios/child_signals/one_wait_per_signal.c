/*
 * child_signals/one_wait_per_signal: the handler reaps one child for each SIGCHLD.
 *
 * A signal is pending or not; the kernel does not count how often it was sent. If several children
 * end before the handler runs, it runs once. The children that it does not reap stay zombies.
 *
 *   helper 1      helper 2      helper 3      keeper
 *   exits         exits         exits         SIGCHLD is pending
 *                                             (the handler) waitpid: helper 1
 *                               zombie        no more signals
 *                 zombie
 */
#include <snarl.h>

#include "common.h"

static void helpers_reap(void)
{
	if (waitpid(-1, NULL, WNOHANG) > 0)
		reaped = reaped + 1;
}

const struct snarl_scenario scenario = {
	.summary = "a SIGCHLD handler that calls waitpid once and leaves zombies",
	.refs = "signal(7), waitpid(2); CWE-364, CWE-772; TLPI 26.3.1; UNP 5.10; APUE 10.7",
	.state_size = sizeof(struct house),
	.isolation = SNARL_PROCESSES,
	.actors = {{"keeper", keeper}, {"manager", manager}},
	.setup = house_open,
	.started = house_close,
	.check = every_helper_reaped,
	.observe = {"started", "reaped"},
	.expect = {.bug = SNARL_LOST_ITEM,
		.tsan = SNARL_SKIPPED("an actor is a thread there: it cannot fork what passes for "
				      "its process"),
		.explore = SNARL_SKIPPED("an actor is a fiber there, which cannot fork")},
};
