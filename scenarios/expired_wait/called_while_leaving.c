/*
 * expired_wait/called_while_leaving: a ticket is returned although it was called just now.
 *
 * Between the timeout and the return of the ticket, the visitor before may call it. The call stays
 * in the semaphore, where nobody waits any more. A timeout says that the ticket was not called in
 * time, and not that it was not called.
 *
 *   serving  alice (ticket 0)        bob (ticket 1)          carol (ticket 2)
 *      0     is at the desk          waits                   waits
 *      0                             times out
 *      1     calls ticket 1
 *      1                             returns ticket 1
 *      1                                                     waits forever
 */
#include "common.h"

static bool ticket_expired(struct desk *desk, int ticket)
{
	pthread_mutex_lock(&desk->lock);
	desk->returned[ticket] = true;
	pthread_mutex_unlock(&desk->lock);
	return false;
}

const struct snarl_scenario scenario = {
	.summary = "timed wait that returns its ticket while the ticket is called",
	.refs = "CWE-362, CWE-833, CERT POS54-C, AMP 7.6",
	.state_size = sizeof(struct desk),
	.actors = {{"alice", patient}, {"bob", impatient}, {"carol", patient}},
	.setup = setup,
	.check = everybody_served,
	.teardown = teardown,
	.observe = {"next", "serving", "returned", "visits", "expired"},
	.inject = {"posix/sem/timedwait:errno=ETIMEDOUT:p=0.3"},
	.expect = {.bug = SNARL_DEADLOCK | SNARL_HANG},
};
