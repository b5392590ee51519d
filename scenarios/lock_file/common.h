/*
 * common.h - alice and bob, two processes, share a till. A sale needs a lock, which is a name in
 * the file system: the name exists while a process holds the lock. Each variant says how the name
 * is created and removed.
 */
#ifndef SCENARIOS_LOCK_FILE_COMMON_H
#define SCENARIOS_LOCK_FILE_COMMON_H

#include <fcntl.h>
#include <sched.h>
#include <snarl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SALES = 4, CLERKS = 2 };

struct till {
	int sales; /* guarded by the lock file */
};

/* Try to get the lock; return whether that succeeded. */
static bool lock_take(void);

/* Clean up at the end of a try, after the sale if the lock was `taken`. */
static void lock_drop(bool taken);

static void sale_enter(struct till *till)
{
	int sales = till->sales;

	SNARL_POINT("sale_enter/read");
	till->sales = sales + 1;
}

static bool sale_try(struct till *till)
{
	bool taken = lock_take();

	if (taken)
		sale_enter(till);
	lock_drop(taken);
	return taken;
}

static void clerk(void *state, struct snarl_actor *self)
{
	(void)self;
	for (int i = 0; i < SALES; i++)
		while (!sale_try(state))
			sched_yield();
}

static void every_sale_entered(void *state)
{
	const struct till *till = state;

	snarl_expect_eq(SNARL_LOST_UPDATE, till->sales, SALES * CLERKS, "sales");
}

#endif
