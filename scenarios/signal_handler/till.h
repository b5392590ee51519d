/*
 * till.h - a cashier sells; from time to time, an auditor sends a signal to have the books
 * compared. Each variant says what the handler does, and how a sale is protected from it.
 */
#ifndef SCENARIOS_SIGNAL_HANDLER_TILL_H
#define SCENARIOS_SIGNAL_HANDLER_TILL_H

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <snarl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

enum { AUDITS = 10, PRICE = 3 };

struct till {
	_Atomic pid_t cashier; /* its process, once it handles the signal */
	_Atomic bool audited;  /* no signal will be sent any more */
	pthread_mutex_t lock;  /* guards what follows */
	long count, sum;       /* of sales; sum is count times PRICE */
	long mismatches;
};

static struct till *till_here; /* in the cashier's process: a handler has no argument for it */

static void sell(struct till *till);
static void audit_requested(int number);
static void audit_if_requested(struct till *till);

static void sale_enter(struct till *till)
{
	till->count++;
	SNARL_POINT("sale_enter/halfway");
	till->sum += PRICE;
}

static void books_compare(struct till *till)
{
	till->mismatches += till->sum != till->count * PRICE;
}

static void cashier(void *state, struct snarl_actor *self)
{
	const struct sigaction action = {.sa_handler = audit_requested};
	struct till *till = till_here = state;

	(void)self;
	sigaction(SIGUSR1, &action, NULL);
	atomic_store(&till->cashier, getpid());
	while (!atomic_load(&till->audited)) {
		sell(till);
		audit_if_requested(till);
	}
}

static void auditor(void *state, struct snarl_actor *self)
{
	struct till *till = state;

	(void)self;
	while (!atomic_load(&till->cashier))
		sched_yield();
	for (int i = 0; i < AUDITS; i++) {
		kill(atomic_load(&till->cashier), SIGUSR1);
		SNARL_POINT("auditor/sent"); /* two pending signals become one */
	}
	atomic_store(&till->audited, true);
}

static void till_setup(void *state)
{
	struct till *till = state;

	pthread_mutex_init(&till->lock, NULL);
}

static void till_teardown(void *state)
{
	struct till *till = state;

	pthread_mutex_destroy(&till->lock);
}

static void books_agree(void *state)
{
	const struct till *till = state;

	snarl_expect_eq(SNARL_STALE_READ, till->mismatches, 0, "mismatches");
}

#endif
