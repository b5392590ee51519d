/*
 * lock_file/correct_directory: the lock is a directory, which mkdir creates at most once.
 *
 * mkdir has no flag that one could forget: it always fails with EEXIST if the name exists. Shell
 * scripts lock in this way.
 *
 *   sales   alice                          bob
 *     0     mkdir("lock"): created
 *     0     reads sales: 0                 mkdir("lock"): EEXIST, tries again
 *     1     sales = 1
 *     1     rmdir("lock")
 *     1                                    mkdir("lock"): created
 *     2                                    reads sales: 1, sales = 2
 */
#include <snarl.h>

#include "common.h"

static bool lock_take(void)
{
	return mkdir(snarl_path("lock"), 0700) == 0;
}

static void lock_drop(bool taken)
{
	if (taken)
		rmdir(snarl_path("lock"));
}

const struct snarl_scenario scenario = {
	.summary = "a lock that is a directory made with mkdir",
	.refs = "mkdir(2), rmdir(2); TLPI 18.6",
	.state_size = sizeof(struct till),
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", clerk}, {"bob", clerk}},
	.check = every_sale_entered,
	.observe = {"sales"},
	.inject = {"sale_enter/read:delay:p=0.5,us=20..100"},
};
