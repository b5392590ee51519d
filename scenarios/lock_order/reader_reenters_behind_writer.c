/*
 * lock_order/reader_reenters_behind_writer: a reader locks again behind a waiting writer.
 *
 * A lock that is held for reading seems free to be taken for reading once more. But if writers go
 * first, a new reader waits for a waiting writer, and that writer waits for the reader's first
 * lock.
 *
 *   auditor                         alice
 *   rdlock(lock)
 *                                   wrlock(lock): waits for the auditor
 *   balance_of: rdlock(lock): waits for alice
 *
 * In the end the auditor holds lock for reading and waits for lock, behind alice; alice holds
 * nothing and waits for lock.
 */
#include <pthread.h>
#include <snarl.h>

enum { ALICE, BOB, ACCOUNTS, BALANCE = 10, AMOUNT = 1 };

struct bank {
	pthread_rwlock_t lock; /* guards balance; a waiting writer goes before new readers */
	int balance[ACCOUNTS];
	int audited; /* the auditor's: what is in all accounts */
};

static int balance_of(struct bank *bank, int account)
{
	int balance;

	pthread_rwlock_rdlock(&bank->lock);
	balance = bank->balance[account];
	pthread_rwlock_unlock(&bank->lock);
	return balance;
}

static void audit(void *state, struct snarl_actor *self)
{
	struct bank *bank = state;

	(void)self;
	pthread_rwlock_rdlock(&bank->lock);
	SNARL_POINT("audit/has_lock");
	bank->audited = balance_of(bank, ALICE) + balance_of(bank, BOB);
	pthread_rwlock_unlock(&bank->lock);
}

static void alice(void *state, struct snarl_actor *self)
{
	struct bank *bank = state;

	(void)self;
	pthread_rwlock_wrlock(&bank->lock);
	bank->balance[ALICE] -= AMOUNT;
	bank->balance[BOB] += AMOUNT;
	pthread_rwlock_unlock(&bank->lock);
}

static void setup(void *state)
{
	struct bank *bank = state;
	pthread_rwlockattr_t kind;

	pthread_rwlockattr_init(&kind);
	pthread_rwlockattr_setkind_np(&kind, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(&bank->lock, &kind);
	pthread_rwlockattr_destroy(&kind);
	bank->balance[ALICE] = bank->balance[BOB] = BALANCE;
}

static void teardown(void *state)
{
	struct bank *bank = state;

	pthread_rwlock_destroy(&bank->lock);
}

static void audit_true(void *state)
{
	struct bank *bank = state;

	snarl_expect_eq(SNARL_STALE_READ, bank->audited, ACCOUNTS * BALANCE, "audited");
}

const struct snarl_scenario scenario = {
	.summary = "a reader takes its read lock again while a writer waits",
	.refs = "CWE-764, CWE-833, APUE 11.6",
	.state_size = sizeof(struct bank),
	.actors = {{"auditor", audit}, {"alice", alice}},
	.setup = setup,
	.check = audit_true,
	.teardown = teardown,
	.observe = {"balance", "audited"},
	.expect = {.bug = SNARL_DEADLOCK, .cycle = "auditor -> lock -> alice -> lock -> auditor"},
};
