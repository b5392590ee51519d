/*
 * advisory_lock/correct_flock: each process opens the file itself, and locks it with flock.
 *
 * A lock of flock belongs to the open file. Each open of the file makes another one, so the lock of
 * one process keeps out the other.
 *
 *   sales   alice                          bob
 *     0     flock(LOCK_EX)
 *     0     reads sales: 0                 flock(LOCK_EX): waits
 *     1     sales = 1
 *     1     flock(LOCK_UN)
 *     1                                    has the lock
 *     2                                    reads sales: 1, sales = 2
 */
#include "common.h"

static void clerk(void *state, struct snarl_actor *self)
{
	int file = open(snarl_path("till"), O_RDWR);

	(void)self;
	for (int i = 0; i < SALES; i++) {
		while (flock(file, LOCK_EX) != 0)
			;
		sale_enter(state, sales_read(state));
		flock(file, LOCK_UN);
	}
	close(file);
}

const struct snarl_scenario scenario = {
	.summary = "a till under a lock of flock, which each process takes by its own descriptor",
	.refs = "flock(2); TLPI 55.2",
	.state_size = sizeof(struct till),
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", clerk}, {"bob", clerk}},
	.setup = till_open,
	.check = every_sale_entered,
	.teardown = till_close,
	.observe = {"sales"},
	.inject = {"sales_read/read:delay:p=0.5,us=20..100"},
};
