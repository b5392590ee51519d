/*
 * signal_handler/correct_sigsuspend: the signal is unblocked only while the clerk sleeps.
 *
 * The signal is blocked from the beginning, so that it stays pending if it comes between the check
 * and the sleep. sigsuspend unblocks it and sleeps in one step, and is interrupted at once.
 *
 *   clerk                          customer
 *   rung? no
 *                                  kill(clerk, SIGUSR1): pending
 *   sigsuspend: unblocked
 *   (the handler) rung = 1
 *   rung? yes                      waits for a receipt
 */
#define _GNU_SOURCE
#include <snarl.h>

#include "common.h"

static volatile sig_atomic_t rung; /* in the clerk's process, like the next one */
static sigset_t usual;		   /* signal mask while it sleeps */

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
		sigsuspend(&usual);
	}
	rung = 0;
}

const struct snarl_scenario scenario = {
	.summary = "a flag that is checked with its signal blocked, then sigsuspend",
	.refs = "sigsuspend(2), signal(7); TLPI 22.9; APUE 10.16",
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
