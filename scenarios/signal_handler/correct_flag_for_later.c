/*
 * signal_handler/correct_flag_for_later: the handler only sets a flag.
 *
 * The cashier checks the flag and compares the books between two sales, where nothing is halfway
 * and no lock is held.
 *
 *   cashier                        auditor
 *   lock, count++
 *                                  kill(cashier, SIGUSR1)
 *   (the handler) requested = 1
 *   sum += PRICE, unlock
 *   requested? compares the books
 */
#include <snarl.h>

#include "till.h"

static volatile sig_atomic_t requested; /* of the cashier's process */

static void sell(struct till *till)
{
	pthread_mutex_lock(&till->lock);
	sale_enter(till);
	pthread_mutex_unlock(&till->lock);
}

static void audit_requested(int number)
{
	(void)number;
	requested = 1;
}

static void audit_if_requested(struct till *till)
{
	if (!requested)
		return;
	requested = 0;
	pthread_mutex_lock(&till->lock);
	books_compare(till);
	pthread_mutex_unlock(&till->lock);
}

const struct snarl_scenario scenario = {
	.summary = "a signal handler that only sets a flag; the program does the rest",
	.refs = "signal-safety(7); CERT SIG30-C, SIG31-C; TLPI 21.1",
	.state_size = sizeof(struct till),
	.isolation = SNARL_PROCESSES,
	.actors = {{"cashier", cashier}, {"auditor", auditor}},
	.setup = till_setup,
	.check = books_agree,
	.teardown = till_teardown,
	.observe = {"count", "sum", "mismatches"},
	.expect = {.bug = SNARL_NO_BUG,
		.tsan = SNARL_SKIPPED(
			"a signal is sent to a process, and the actors share one there"),
		.explore = SNARL_SKIPPED("signals that come at any time are not modelled")},
};
