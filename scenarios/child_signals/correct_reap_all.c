/*
 * child_signals/correct_reap_all: the handler reaps until no child is left that has ended.
 *
 * SIGCHLD says that at least one child has ended, not how many. A child that ends while the handler
 * runs makes the signal pending again, so that the handler runs once more.
 *
 *   helper 1      helper 2      helper 3      keeper
 *   exits         exits                       SIGCHLD is pending
 *                                             (the handler) waitpid: helper 1
 *                               exits         waitpid: helper 2
 *                                             waitpid: helper 3
 *                                             waitpid: none
 */
#include <snarl.h>

#include "common.h"

static void helpers_reap(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		reaped = reaped + 1;
}

const struct snarl_scenario scenario = {
	.summary = "a SIGCHLD handler that calls waitpid until no ended child is left",
	.refs = "signal(7), waitpid(2); TLPI 26.3.1; UNP 5.10; APUE 10.7",
	.state_size = sizeof(struct house),
	.isolation = SNARL_PROCESSES,
	.actors = {{"keeper", keeper}, {"manager", manager}},
	.setup = house_open,
	.started = house_close,
	.check = every_helper_reaped,
	.observe = {"started", "reaped"},
	.expect = {.bug = SNARL_NO_BUG,
		.tsan = SNARL_SKIPPED("an actor is a thread there: it cannot fork what passes for "
				      "its process"),
		.explore = SNARL_SKIPPED("an actor is a fiber there, which cannot fork")},
};
