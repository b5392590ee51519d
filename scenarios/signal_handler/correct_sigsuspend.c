/*
 * signal_handler/correct_sigsuspend: the signal is let in only while the clerk sleeps.
 *
 * It is blocked from the beginning: a ring that comes between the look and the sleep waits.
 * sigsuspend lets it in and sleeps in one step, and is interrupted at once.
 *
 *   clerk                          customer
 *   rung? no
 *                                  kill(clerk, SIGUSR1): kept for later
 *   sigsuspend: let in
 *   (the handler) rung = 1
 *   rung? yes                      waits for a receipt
 */
#define _GNU_SOURCE
#include <snarl.h>

#include "common.h"

static volatile sig_atomic_t rung; /* of the clerk's process, as the next one */
static sigset_t usual;		   /* what is blocked while it sleeps */

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
	.summary = "look whether it was rung with the signal blocked, then sigsuspend",
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
