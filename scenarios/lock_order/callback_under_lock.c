/*
 * lock_order/callback_under_lock: a transfer calls its observer while it holds its locks.
 *
 * The transfer takes its own locks in order and knows nothing of the journal's. The callback takes
 * the journal's lock while those are held; the auditor takes the journal's lock first and then an
 * account's.
 *
 *   alice                           auditor
 *   lock(lock[0]), lock(lock[1])
 *                                   lock(journal_lock)
 *   changed: lock(journal_lock): waits for the auditor
 *                                   lock(lock[0]): waits for alice
 *
 * In the end alice holds lock[0] and lock[1] and waits for journal_lock; the auditor holds
 * journal_lock and waits for lock[0].
 */
#include <pthread.h>
#include <snarl.h>

enum { ALICE, BOB, ACCOUNTS };

struct bank {
	pthread_mutex_t journal_lock;	/* guards entries and audited; precedes lock */
	pthread_mutex_t lock[ACCOUNTS]; /* lock[i] guards balance[i]; precedes lock[i + 1] */
	int balance[ACCOUNTS];
	int entries, audited;
	void (*changed)(struct bank *bank); /* the callback; r/o after setup */
};

#include "common.h"

static void transfer(struct bank *bank, int from, int to, int amount)
{
	int first = from < to ? from : to, second = from < to ? to : from;

	if (from == to)
		return; /* there is one lock only: it would be taken twice */
	pthread_mutex_lock(&bank->lock[first]);
	SNARL_POINT("transfer/has_first");
	pthread_mutex_lock(&bank->lock[second]);
	if (bank->balance[from] >= amount)
		move_money(bank, from, to, amount);
	bank->changed(bank);
	pthread_mutex_unlock(&bank->lock[second]);
	pthread_mutex_unlock(&bank->lock[first]);
}

/* The observer of the transfers. */
static void note(struct bank *bank)
{
	pthread_mutex_lock(&bank->journal_lock);
	bank->entries++;
	pthread_mutex_unlock(&bank->journal_lock);
}

static void audit(void *state, struct snarl_actor *self)
{
	struct bank *bank = state;

	(void)self;
	pthread_mutex_lock(&bank->journal_lock);
	SNARL_POINT("audit/has_journal");
	pthread_mutex_lock(&bank->lock[ALICE]);
	bank->audited = bank->balance[ALICE];
	pthread_mutex_unlock(&bank->lock[ALICE]);
	pthread_mutex_unlock(&bank->journal_lock);
}

static void setup(void *state)
{
	struct bank *bank = state;

	bank_setup(state);
	pthread_mutex_init(&bank->journal_lock, NULL);
	bank->changed = note;
}

static void teardown(void *state)
{
	struct bank *bank = state;

	pthread_mutex_destroy(&bank->journal_lock);
	bank_teardown(state);
}

const struct snarl_scenario scenario = {
	.summary = "a callback that takes a lock, called while its caller holds locks",
	.refs = "CWE-833, CERT CON35-C, OSTEP 32, APUE 11.6",
	.state_size = sizeof(struct bank),
	.actors = {{"alice", alice}, {"auditor", audit}},
	.setup = setup,
	.check = no_money_lost,
	.teardown = teardown,
	.observe = {"balance", "entries", "audited"},
	.expect = {.bug = SNARL_DEADLOCK,
		.cycle = "alice -> journal_lock -> auditor -> lock[0] -> alice",
		.tsan = {.bug = SNARL_LOCK_ORDER | SNARL_DEADLOCK}},
};
