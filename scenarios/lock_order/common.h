/*
 * common.h - a bank whose customers each pay the next one, all at once: with two of them alice pays
 * bob and bob pays alice. Each variant defines how a transfer takes the locks of its two accounts,
 * and a `struct bank` with a `lock` and a `balance` for each of the ACCOUNTS.
 */
#ifndef SCENARIOS_LOCK_ORDER_COMMON_H
#define SCENARIOS_LOCK_ORDER_COMMON_H

#include <pthread.h>
#include <snarl.h>

struct bank; /* each variant's own */

enum { BALANCE = 10, AMOUNT = 1 };

/* Move the amount between two accounts; atomic for any actor that holds the lock of either. */
static void transfer(struct bank *bank, int from, int to, int amount);

/* Under the locks of both accounts. */
static void move_money(struct bank *bank, int from, int to, int amount)
{
	int rest = bank->balance[from] - amount;

	SNARL_POINT("move_money/loaded");
	bank->balance[from] = rest;
	bank->balance[to] += amount;
}

static void pay(struct bank *bank, int from)
{
	transfer(bank, from, (from + 1) % ACCOUNTS, AMOUNT);
}

/* Inline, because not every variant uses both of them. */
static inline void alice(void *state, struct snarl_actor *self)
{
	(void)self;
	pay(state, ALICE);
}

static inline void bob(void *state, struct snarl_actor *self)
{
	(void)self;
	pay(state, BOB);
}

static inline void bank_setup(void *state)
{
	struct bank *bank = state;

	for (int i = 0; i < ACCOUNTS; i++) {
		pthread_mutex_init(&bank->lock[i], NULL);
		bank->balance[i] = BALANCE;
	}
}

static inline void bank_teardown(void *state)
{
	struct bank *bank = state;

	for (int i = 0; i < ACCOUNTS; i++)
		pthread_mutex_destroy(&bank->lock[i]);
}

static void no_money_lost(void *state)
{
	struct bank *bank = state;
	int total = 0;

	for (int i = 0; i < ACCOUNTS; i++)
		total += bank->balance[i];
	snarl_expect_eq(SNARL_LOST_UPDATE, total, ACCOUNTS * BALANCE, "total");
}

#endif
