/*
 * signal_handler/handler_locks: the handler takes a lock that the interrupted code may hold.
 *
 * A handler runs in the middle of whatever its thread was doing. If that was a sale, the lock is
 * held by the very thread that now waits for it.
 *
 *   cashier                        auditor
 *   lock
 *   count++
 *                                  kill(cashier, SIGUSR1)
 *   (the handler) lock: waits for the code that it interrupted
 */
#include <snarl.h>

#include "till.h"

static void sell(struct till *till)
{
	pthread_mutex_lock(&till->lock);
	sale_enter(till);
	pthread_mutex_unlock(&till->lock);
}

static void audit_requested(int number)
{
	(void)number;
	pthread_mutex_lock(&till_here->lock);
	books_compare(till_here);
	pthread_mutex_unlock(&till_here->lock);
}

static void audit_if_requested(struct till *till)
{
	(void)till;
}

const struct snarl_scenario scenario = {
	.summary = "a signal handler that takes a lock which the interrupted code may hold",
	.refs = "signal-safety(7); CWE-479, CWE-828; CERT SIG30-C; TLPI 21.1; APUE 10.6",
	.state_size = sizeof(struct till),
	.isolation = SNARL_PROCESSES,
	.actors = {{"cashier", cashier}, {"auditor", auditor}},
	.setup = till_setup,
	.check = books_agree,
	.teardown = till_teardown,
	.observe = {"count", "sum", "mismatches"},
	.expect = {.bug = SNARL_DEADLOCK | SNARL_HANG,
		.tsan = SNARL_SKIPPED(
			"a signal is sent to a process, and the actors share one there"),
		.explore = SNARL_SKIPPED("signals that come at any time are not modelled")},
};
