/*
 * check_then_act/withdrawal_check_outside_lock: the balance is checked before the lock is taken.
 *
 * The lock makes the subtraction safe, but not the check that it relies on. Both actors find enough
 * money for one withdrawal, and both take it.
 *
 *   balance   alice                     bob
 *     100     100 >= 70: enough
 *     100                               100 >= 70: enough
 *      30     lock, balance = 100 - 70, unlock
 *     -40                               lock, balance = 30 - 70, unlock
 */
#include <pthread.h>
#include <stdbool.h>
#include <snarl.h>

enum { AT_START = 100, AMOUNT = 70 };

struct account {
	pthread_mutex_t lock;
	int balance; /* under lock, except in the check */
};

static void setup(void *state)
{
	struct account *account = state;

	pthread_mutex_init(&account->lock, NULL);
	account->balance = AT_START;
}

static void teardown(void *state)
{
	struct account *account = state;

	pthread_mutex_destroy(&account->lock);
}

static void withdraw(void *state, struct snarl_actor *self)
{
	struct account *account = state;
	bool enough;

	(void)self;
	enough = account->balance >= AMOUNT;
	SNARL_POINT("withdraw/after_check");
	pthread_mutex_lock(&account->lock);
	if (enough)
		account->balance -= AMOUNT;
	pthread_mutex_unlock(&account->lock);
}

static void paid_once(void *state)
{
	struct account *account = state;

	snarl_expect_eq(SNARL_ASSERTION, account->balance, AT_START - AMOUNT, "balance");
}

const struct snarl_scenario scenario = {
	.summary = "two withdrawals, checked before the lock is taken",
	.refs = "CWE-367, CERT CON43-C, OSTEP 32",
	.state_size = sizeof(struct account),
	.actors = {{"alice", withdraw}, {"bob", withdraw}},
	.setup = setup,
	.check = paid_once,
	.teardown = teardown,
	.observe = {"balance"},
	.expect = {.bug = SNARL_ASSERTION, .race_in = "withdraw"},
};
