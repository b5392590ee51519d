/*
 * signal_handler/handler_reads_halfway: the handler reads what the interrupted code is changing.
 *
 * No other thread uses the books, and none is needed to see them halfway: a handler runs between
 * any two instructions of its thread.
 *
 *   cashier                        auditor
 *   count++
 *                                  kill(cashier, SIGUSR1)
 *   (the handler) count is one ahead of sum
 *   sum += PRICE
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
	books_compare(till_here);
}

static void audit_if_requested(struct till *till)
{
	(void)till;
}

const struct snarl_scenario scenario = {
	.summary = "a signal handler that reads data which the interrupted code changes",
	.refs = "signal-safety(7); CWE-364, CWE-479; CERT SIG31-C; TLPI 21.1",
	.state_size = sizeof(struct till),
	.isolation = SNARL_PROCESSES,
	.actors = {{"cashier", cashier}, {"auditor", auditor}},
	.setup = till_setup,
	.check = books_agree,
	.teardown = till_teardown,
	.observe = {"count", "sum", "mismatches"},
	.expect = {.bug = SNARL_STALE_READ,
		.tsan = SNARL_SKIPPED(
			"a signal is sent to a process, and the actors share one there"),
		.explore = SNARL_SKIPPED("signals that come at any time are not modelled")},
};
