/*
 * lock_file/access_then_create: a process checks that there is no lock file, then creates one.
 *
 * The check and the creation are two calls. Two processes can both find no lock file; then both
 * create it, since open with O_CREAT also succeeds for a file that exists.
 *
 *   sales   alice                          bob
 *     0     access("lock"): ENOENT
 *     0                                    access("lock"): ENOENT
 *     0     open("lock", O_CREAT)          open("lock", O_CREAT)
 *     0     reads sales: 0                 reads sales: 0
 *     1     sales = 1                      sales = 1
 */
#include <snarl.h>

#include "common.h"

static bool lock_take(void)
{
	int file;

	if (access(snarl_path("lock"), F_OK) == 0)
		return false;
	SNARL_POINT("lock_take/checked");
	file = open(snarl_path("lock"), O_CREAT | O_WRONLY, 0600);
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
	.summary = "a lock file whose absence is checked with access before it is created",
	.refs = "access(2), open(2); CWE-367; CERT FIO45-C; TLPI 5.1, 55.7; APUE 3.11",
	.state_size = sizeof(struct till),
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", clerk}, {"bob", clerk}},
	.check = every_sale_entered,
	.observe = {"sales"},
	.inject = {"lock_take/checked:delay:p=0.5,us=20..100",
		"sale_enter/read:delay:p=0.5,us=20..100"},
	.expect = {.bug = SNARL_LOST_UPDATE,
		.race_in = "sale_enter",
		.tsan = {.bug = SNARL_DATA_RACE | SNARL_LOST_UPDATE},
		.explore = {.bug = SNARL_DATA_RACE | SNARL_LOST_UPDATE}},
};
