/*
 * advisory_lock/correct_record_lock: each process locks the file with fcntl, and closes no other
 * descriptor of it meanwhile.
 *
 * These locks belong to the process, so it makes no difference which descriptor it uses, or who
 * opened it. It does make a difference when the process closes one: see closed_too_early.
 *
 *   sales   alice                          bob
 *     0     fcntl(F_SETLKW, F_WRLCK)
 *     0     reads sales: 0                 fcntl(F_SETLKW, F_WRLCK): waits
 *     1     sales = 1
 *     1     fcntl(F_SETLK, F_UNLCK)
 *     1                                    has the lock
 *     2                                    reads sales: 1, sales = 2
 */
#include "common.h"
#include "record.h"

static void clerk(void *state, struct snarl_actor *self)
{
	struct till *till = state;

	(void)self;
	for (int i = 0; i < SALES; i++) {
		till_lock(till);
		sale_enter(till, sales_read(till));
		till_unlock(till);
		receipt_print();
	}
}

const struct snarl_scenario scenario = {
	.summary = "a till under a lock of fcntl, which each process holds until it is done",
	.refs = "fcntl(2); POSIX.1-2017 fcntl; TLPI 55.3",
	.state_size = sizeof(struct till),
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", clerk}, {"bob", clerk}},
	.setup = till_open,
	.check = every_sale_entered,
	.teardown = till_close,
	.observe = {"sales"},
	.inject = {"sales_read/read:delay:p=0.5,us=20..100"},
	.expect = {.tsan = SNARL_SKIPPED("the lock belongs to a process, and tsan's are threads")},
};
