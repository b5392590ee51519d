/*
 * lock_file/correct_exclusive: O_EXCL makes check and creation one call.
 *
 * open with O_CREAT and O_EXCL fails with EEXIST if the file exists. Of several processes that try
 * at the same time, one creates the file. Only that process removes it again.
 *
 *   sales   alice                          bob
 *     0     open O_EXCL: created
 *     0     reads sales: 0                 open O_EXCL: EEXIST, tries again
 *     1     sales = 1
 *     1     unlink("lock")
 *     1                                    open O_EXCL: created
 *     2                                    reads sales: 1, sales = 2
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
	if (taken)
		unlink(snarl_path("lock"));
}

const struct snarl_scenario scenario = {
	.summary = "a lock file that open creates with O_EXCL",
	.refs = "open(2); CERT FIO03-C; TLPI 5.1, 55.7; APUE 3.11",
	.state_size = sizeof(struct till),
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", clerk}, {"bob", clerk}},
	.check = every_sale_entered,
	.observe = {"sales"},
	.inject = {"sale_enter/read:delay:p=0.5,us=20..100"},
};
