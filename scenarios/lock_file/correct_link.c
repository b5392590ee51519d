/*
 * lock_file/correct_link: the lock is a hard link, which link creates at most once.
 *
 * Like mkdir, link fails with EEXIST if the new name exists. It was the usual way on old versions
 * of NFS, which do not support O_EXCL.
 *
 *   sales   alice                          bob
 *     0     link("key", "lock"): created
 *     0     reads sales: 0                 link("key", "lock"): EEXIST, tries again
 *     1     sales = 1
 *     1     unlink("lock")
 *     1                                    link("key", "lock"): created
 *     2                                    reads sales: 1, sales = 2
 */
#include <errno.h>
#include <snarl.h>
#include <string.h>

#include "common.h"

static bool lock_take(void)
{
	return link(snarl_path("key"), snarl_path("lock")) == 0;
}

static void lock_drop(bool taken)
{
	if (taken)
		unlink(snarl_path("lock"));
}

/* The file that every lock is a link to. */
static void key_make(void *state)
{
	int file = open(snarl_path("key"), O_CREAT | O_WRONLY, 0600);

	(void)state;
	if (file < 0)
		snarl_skip("no file: %s", strerror(errno));
	close(file);
}

const struct snarl_scenario scenario = {
	.summary = "a lock that is a hard link made with link",
	.refs = "link(2), open(2); TLPI 18.3, 55.7",
	.state_size = sizeof(struct till),
	.isolation = SNARL_PROCESSES,
	.actors = {{"alice", clerk}, {"bob", clerk}},
	.setup = key_make,
	.check = every_sale_entered,
	.observe = {"sales"},
	.inject = {"sale_enter/read:delay:p=0.5,us=20..100"},
};
