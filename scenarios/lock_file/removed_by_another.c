/*
 * lock_file/removed_by_another: a process that did not get the lock removes the lock file.
 *
 * The lock file is created with O_EXCL, as it should be. But the clean-up at the end of a try
 * removes it in any case, like a shell script that sets its exit trap too early. After a try that
 * failed, this is the lock file of the process that holds the lock.
 *
 *   sales   alice                          bob
 *     0     open O_EXCL: created
 *     0     reads sales: 0                 open O_EXCL: EEXIST
 *     0                                    unlink("lock"): alice's
 *     0                                    open O_EXCL: created
 *     1     sales = 1                      reads sales: 0
 *     1                                    sales = 1
 */
#include <snarl.h>

#include "common.h"

static bool lock_take(void)
{
	int file = open(snarl_path("lock"), O_CREAT | O_EXCL | O_WRONLY, 0600);

	if (file < 0)
		return false;
	close(file);
	return true;
}

static void lock_drop(bool taken)
{
	(void)taken;
	unlink(snarl_path("lock"));
}

const struct snarl_scenario scenario = {
	.summary = "a lock file that the clean-up of another process removes",
	.refs = "open(2), unlink(2); CWE-667, CWE-362; TLPI 55.7",
	.state_size = sizeof(struct till),
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", clerk}, {"bob", clerk}},
	.check = every_sale_entered,
	.observe = {"sales"},
	.inject = {"sale_enter/read:delay:p=0.5,us=20..100"},
	.expect = {.bug = SNARL_LOST_UPDATE,
		.race_in = "sale_enter",
		.tsan = {.bug = SNARL_DATA_RACE | SNARL_LOST_UPDATE},
		.explore = {.bug = SNARL_DATA_RACE | SNARL_LOST_UPDATE}},
};
