/*
 * signal_handler/correct_self_pipe: the handler writes a byte into a pipe that the clerk reads.
 *
 * A signal is gone once its handler has run, but a byte in a pipe stays until it is read. So it
 * makes no difference whether the signal comes before the clerk reads or while it does.
 *
 *   clerk                          customer
 *                                  kill(clerk, SIGUSR1)
 *   (the handler) write a byte
 *   read: it is there              waits for a receipt
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <snarl.h>

#include "common.h"

static int ends[2]; /* in the clerk's process: reading, writing */

/* The handler must not wait; it may drop a byte, since a full pipe wakes the clerk anyway. */
static void bell_prepare(void)
{
	if (pipe(ends) == 0)
		fcntl(ends[1], F_SETFL, O_NONBLOCK);
}

static void bell_hear(int number)
{
	int error = errno;

	(void)number;
	while (write(ends[1], "!", 1) < 0 && errno == EINTR)
		;
	errno = error;
}

static void bell_await(void)
{
	char ring;

	SNARL_POINT("bell_await/looking");
	while (read(ends[0], &ring, 1) < 0 && errno == EINTR)
		;
}

const struct snarl_scenario scenario = {
	.summary = "a self-pipe: the handler writes a byte, which the program reads",
	.refs = "pipe(2), signal-safety(7); TLPI 63.5.2; APUE 10.6",
	.state_size = sizeof(struct desk),
	.isolation = SNARL_PROCESSES,
	.actors = {{"clerk", clerk}, {"customer", customer}},
	.setup = desk_open,
	.check = every_ring_served,
	.teardown = desk_close,
	.inject = {"bell_await/looking:delay:p=0.5,us=1..100"},
	.observe = {"served"},
	.expect = {.bug = SNARL_NO_BUG,
		.tsan = SNARL_SKIPPED(
			"a signal is sent to a process, and the actors share one there"),
		.explore = SNARL_SKIPPED("signals that come at any time are not modelled")},
};
