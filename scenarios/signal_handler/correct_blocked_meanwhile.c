/*
 * signal_handler/correct_blocked_meanwhile: the signal is blocked while the books are halfway.
 *
 * It is blocked before the lock is taken, and unblocked after the lock was released: when the
 * handler runs, its thread holds nothing.
 *
 *   cashier                        auditor
 *   block, lock, count++
 *                                  kill(cashier, SIGUSR1): pending
 *   sum += PRICE, unlock
 *   unblock
 *   (the handler) lock, compares the books, unlock
 */
#include <snarl.h>

#include "till.h"

static void sell(struct till *till)
{
	sigset_t request, before;

	sigemptyset(&request);
	sigaddset(&request, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &request, &before);
	pthread_mutex_lock(&till->lock);
	sale_enter(till);
	pthread_mutex_unlock(&till->lock);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
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
	.summary = "a signal that is blocked while the lock that its handler takes is held",
	.refs = "pthread_sigmask(3), signal-safety(7); TLPI 20.10, 21.1; APUE 10.12",
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
