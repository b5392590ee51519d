/*
 * expired_wait/ticket_left_behind: a visitor whose time is over leaves, and its ticket stays.
 *
 * A wait is a registration, and a timeout ends the wait only. The ticket is called in its turn, but
 * there is nobody to come and to call the next one. The visitors behind it wait forever.
 *
 *   serving  alice (ticket 0)        bob (ticket 1)          carol (ticket 2)
 *      0     is at the desk          waits                   waits
 *      0                             times out: leaves
 *      1     calls ticket 1
 *      1                                                     waits forever
 */
#include "common.h"

static bool ticket_expired(struct desk *desk, int ticket)
{
	(void)desk;
	(void)ticket;
	return false;
}

const struct snarl_scenario scenario = {
	.summary = "timed wait that leaves its ticket in the queue after a timeout",
	.refs = "CWE-459, CWE-833, CERT POS54-C, AMP 7.6",
	.state_size = sizeof(struct desk),
	.actors = {{"alice", patient}, {"bob", impatient}, {"carol", patient}},
	.setup = setup,
	.check = everybody_served,
	.teardown = teardown,
	.observe = {"next", "serving", "visits", "expired"},
	.inject = {"posix/sem/timedwait:errno=ETIMEDOUT:p=0.3"},
	.expect = {.bug = SNARL_DEADLOCK | SNARL_HANG},
};
