/*
 * expired_wait/correct_ticket_returned: a visitor whose time is over returns its ticket.
 *
 * The visitor returns the ticket under the lock under which tickets are called. So it knows whether
 * the ticket was called in the meantime. If it was, then it is the visitor's turn in spite of the
 * timeout; if not, the next call skips the ticket.
 *
 *   serving  alice (ticket 0)        bob (ticket 1)          carol (ticket 2)
 *      0     is at the desk          waits                   waits
 *      0                             times out
 *      0                             not called: returns 1
 *      2     skips 1, calls ticket 2
 *      2                                                     is at the desk
 */
#include "common.h"

static bool ticket_expired(struct desk *desk, int ticket)
{
	bool called;

	pthread_mutex_lock(&desk->lock);
	called = desk->serving == ticket;
	desk->returned[ticket] = !called;
	pthread_mutex_unlock(&desk->lock);
	return called;
}

const struct snarl_scenario scenario = {
	.summary = "timed wait that returns its ticket unless the ticket was called",
	.refs = "CERT POS54-C, AMP 7.6",
	.state_size = sizeof(struct desk),
	.actors = {{"alice", patient}, {"bob", impatient}, {"carol", patient}},
	.setup = setup,
	.check = everybody_served,
	.teardown = teardown,
	.observe = {"next", "serving", "returned", "visits", "expired"},
	.inject = {"posix/sem/timedwait:errno=ETIMEDOUT:p=0.3"},
};
