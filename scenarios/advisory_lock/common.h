/*
 * common.h - alice and bob, two processes, share a till. A sale needs a lock on the till's file.
 * The lock is advisory: it keeps out only those who ask for it. Each variant says how they ask.
 */
#ifndef SCENARIOS_ADVISORY_LOCK_COMMON_H
#define SCENARIOS_ADVISORY_LOCK_COMMON_H

#include <errno.h>
#include <fcntl.h>
#include <snarl.h>
#include <sys/file.h>
#include <unistd.h>

enum { SALES = 3, CLERKS = 2 };

struct till {
	int file;  /* opened by the set-up, and inherited by both */
	int sales; /* guarded by the lock */
};

static void till_open(void *state)
{
	struct till *till = state;

	till->file = open(snarl_path("till"), O_CREAT | O_RDWR, 0600);
	if (till->file < 0)
		snarl_skip("no file: errno %d", errno);
}

static void till_close(void *state)
{
	close(((struct till *)state)->file);
}

static int sales_read(const struct till *till)
{
	int sales = till->sales;

	SNARL_POINT("sales_read/read");
	return sales;
}

static void sale_enter(struct till *till, int sales_before)
{
	till->sales = sales_before + 1;
}

static void every_sale_entered(void *state)
{
	const struct till *till = state;

	snarl_expect_eq(SNARL_LOST_UPDATE, till->sales, SALES * CLERKS, "sales");
}

#endif
