/*
 * advisory_lock/closed_too_early: a process closes another descriptor of the file it has locked.
 *
 * A lock of fcntl belongs to the process and the file. The process loses it as soon as it closes
 * any descriptor of that file, also one that has nothing to do with the lock. Here a function that
 * only reads the file does so, as a library might.
 *
 *   sales   alice                          bob
 *     0     fcntl(F_SETLKW, F_WRLCK)
 *     0     opens and closes the file: the lock is gone
 *     0     reads sales: 0                 fcntl(F_SETLKW, F_WRLCK)
 *     0                                    reads sales: 0
 *     1     sales = 1                      sales = 1
 */
#include "common.h"
#include "record.h"

static void clerk(void *state, struct snarl_actor *self)
{
	struct till *till = state;

	(void)self;
	for (int i = 0; i < SALES; i++) {
		till_lock(till);
		receipt_print();
		sale_enter(till, sales_read(till));
		till_unlock(till);
	}
}

const struct snarl_scenario scenario = {
	.summary = "a lock of fcntl that is lost when another descriptor of the file is closed",
	.refs = "fcntl(2); POSIX.1-2017 fcntl; CWE-667; TLPI 55.3.5",
	.state_size = sizeof(struct till),
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", clerk}, {"bob", clerk}},
	.setup = till_open,
	.check = every_sale_entered,
	.teardown = till_close,
	.observe = {"sales"},
	.inject = {"sales_read/read:delay:p=0.5,us=20..100"},
	.expect = {.bug = SNARL_LOST_UPDATE,
		.race_in = "sale_enter",
		.tsan = SNARL_SKIPPED("the lock belongs to a process, and tsan's are threads"),
		.explore = {.bug = SNARL_DATA_RACE | SNARL_LOST_UPDATE}},
};
