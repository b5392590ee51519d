/*
 * advisory_lock/inherited_flock: both processes lock the descriptor that they inherited.
 *
 * A lock of flock belongs to the open file, and descriptors that fork has copied refer to one open
 * file. So both processes hold the same lock: whoever asks for it has it already. The mutual
 * exclusion that the call promises is missing between a process and its children.
 *
 *   sales   alice                          bob
 *     0     flock(LOCK_EX)
 *     0     reads sales: 0                 flock(LOCK_EX): has it already
 *     0                                    reads sales: 0
 *     1     sales = 1                      sales = 1
 */
#include "common.h"

static void clerk(void *state, struct snarl_actor *self)
{
	struct till *till = state;

	(void)self;
	for (int i = 0; i < SALES; i++) {
		while (flock(till->file, LOCK_EX) != 0)
			;
		sale_enter(till, sales_read(till));
		flock(till->file, LOCK_UN);
	}
}

const struct snarl_scenario scenario = {
	.summary = "a lock of flock on a descriptor that both processes inherited",
	.refs = "flock(2); CWE-667; TLPI 55.2.1",
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
		.tsan = {.bug = SNARL_DATA_RACE | SNARL_LOST_UPDATE},
		.explore = {.bug = SNARL_DATA_RACE | SNARL_LOST_UPDATE}},
};
