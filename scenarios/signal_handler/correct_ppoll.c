/*
 * signal_handler/correct_ppoll: the signal is unblocked only while the clerk waits in ppoll.
 *
 * ppoll unblocks the signal and waits in one step, as sigsuspend does. It is for programs that wait
 * for descriptors as well; here there are none.
 *
 *   clerk                          customer
 *   rung? no
 *                                  kill(clerk, SIGUSR1): pending
 *   ppoll: unblocked
 *   (the handler) rung = 1
 *   rung? yes                      waits for a receipt
 */
#define _GNU_SOURCE
#include <poll.h>
#include <snarl.h>

#include "common.h"

static volatile sig_atomic_t rung; /* in the clerk's process, like the next one */
static sigset_t usual;		   /* signal mask while it waits */

static void bell_prepare(void)
{
	sigset_t ring;

	sigemptyset(&ring);
	sigaddset(&ring, SIGUSR1);
	sigprocmask(SIG_BLOCK, &ring, &usual);
}

static void bell_hear(int number)
{
	(void)number;
	rung = 1;
}

static void bell_await(void)
{
	while (!rung) {
		SNARL_POINT("bell_await/looked");
		ppoll(NULL, 0, NULL, &usual);
	}
	rung = 0;
}

const struct snarl_scenario scenario = {
	.summary = "a flag that is checked with its signal blocked, then ppoll",
	.refs = "ppoll(2), signal(7); TLPI 63.5; UNP 6.9",
	.state_size = sizeof(struct desk),
	.isolation = SNARL_PROCESSES,
	.actors = {{"clerk", clerk}, {"customer", customer}},
	.setup = desk_open,
	.check = every_ring_served,
	.teardown = desk_close,
	.inject = {"bell_await/looked:delay:p=0.5,us=1..100"},
	.observe = {"served"},
	.expect = {.bug = SNARL_NO_BUG,
		.tsan = SNARL_SKIPPED(
			"a signal is sent to a process, and the actors share one there"),
		.explore = SNARL_SKIPPED("signals that come at any time are not modelled")},
};
