/*
 * check_then_act/correct_withdrawal: the balance is checked and changed under one lock.
 *
 * What the check found still holds when the money is taken, because nobody else can change the
 * balance in between.
 *
 *   balance   alice                     bob
 *     100     lock
 *     100     100 >= 70: enough         lock: waits
 *      30     balance = 100 - 70
 *      30     unlock
 *      30                               30 < 70: refused, unlock
 */
#include <pthread.h>
#include <stdbool.h>
#include <snarl.h>

enum { AT_START = 100, AMOUNT = 70 };

struct account {
	pthread_mutex_t lock;
	int balance; /* under lock */
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
	pthread_mutex_lock(&account->lock);
	enough = account->balance >= AMOUNT;
	SNARL_POINT("withdraw/after_check");
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
	.summary = "two withdrawals, each checked and made under one lock",
	.refs = "CWE-367, CERT CON43-C, OSTEP 32",
	.state_size = sizeof(struct account),
	.actors = {{"alice", withdraw}, {"bob", withdraw}},
	.setup = setup,
	.check = paid_once,
	.teardown = teardown,
	.observe = {"balance"},
	.expect = {.bug = SNARL_NO_BUG},
};
