/*
 * advisory_lock/upgraded_flock: each process reads under a shared lock, which it then upgrades.
 *
 * flock does not convert a shared lock into an exclusive one in one step: it releases the shared
 * one, then waits for the exclusive one. In between, another process can be faster. What was read
 * before is then out of date.
 *
 *   sales   alice                          bob
 *     0     flock(LOCK_SH)                 flock(LOCK_SH)
 *     0     reads sales: 0                 reads sales: 0
 *     0     flock(LOCK_EX): waits
 *     0                                    flock(LOCK_EX): released, then waits
 *     1     sales = 1, flock(LOCK_UN)
 *     1                                    has the lock
 *     1                                    sales = 1
 */
#include "common.h"

static void lock(int file, int operation)
{
	while (flock(file, operation) != 0)
		;
}

static void clerk(void *state, struct snarl_actor *self)
{
	int file = open(snarl_path("till"), O_RDWR), sales;

	(void)self;
	for (int i = 0; i < SALES; i++) {
		lock(file, LOCK_SH);
		sales = sales_read(state);
		lock(file, LOCK_EX);
		sale_enter(state, sales);
		lock(file, LOCK_UN);
	}
	close(file);
}

const struct snarl_scenario scenario = {
	.summary = "a till that is read under a shared lock, and written after an upgrade",
	.refs = "flock(2); CWE-362, CWE-667; TLPI 55.2",
	.state_size = sizeof(struct till),
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", clerk}, {"bob", clerk}},
	.setup = till_open,
	.check = every_sale_entered,
	.teardown = till_close,
	.observe = {"sales"},
	.inject = {"sales_read/read:delay:p=0.5,us=20..100"},
	.expect = {.bug = SNARL_LOST_UPDATE},
};
