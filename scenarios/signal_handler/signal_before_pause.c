/*
 * signal_handler/signal_before_pause: the signal comes between the check and the sleep.
 *
 * The clerk checks whether the bell has rung, and sleeps if not. A signal in between finds it
 * awake: the handler runs, and then the clerk sleeps all the same, until the next ring, which never
 * comes because the customer waits for a receipt.
 *
 *   clerk                          customer
 *   rung? no
 *                                  kill(clerk, SIGUSR1)
 *   (the handler) rung = 1
 *   pause: sleeps                  waits for a receipt
 */
#define _GNU_SOURCE
#include <snarl.h>

#include "common.h"

static volatile sig_atomic_t rung; /* in the clerk's process */

static void bell_prepare(void)
{
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
		pause();
	}
	rung = 0;
}

const struct snarl_scenario scenario = {
	.summary = "a flag that is checked with its signal unblocked, then pause",
	.refs = "pause(2), signal(7); CWE-364; TLPI 20.14, 22.9; APUE 10.16",
	.state_size = sizeof(struct desk),
	.isolation = SNARL_PROCESSES,
	.actors = {{"clerk", clerk}, {"customer", customer}},
	.setup = desk_open,
	.check = every_ring_served,
	.teardown = desk_close,
	.inject = {"bell_await/looked:delay:p=0.5,us=1..100"},
	.observe = {"served"},
	.expect = {.bug = SNARL_HANG | SNARL_DEADLOCK,
		.tsan = SNARL_SKIPPED(
			"a signal is sent to a process, and the actors share one there"),
		.explore = SNARL_SKIPPED("signals that come at any time are not modelled")},
};
