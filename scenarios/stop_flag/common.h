/*
 * common.h - a boss leaves a reason and sets a flag, a worker waits for the flag and reads the
 * reason. Each variant says what kind of flag it is; its `struct shared` needs `reason`, which the
 * boss writes, and `read`, which the worker writes.
 */
#ifndef SCENARIOS_STOP_FLAG_COMMON_H
#define SCENARIOS_STOP_FLAG_COMMON_H

#include <snarl.h>

enum { CLOSING_TIME = 42 };

static void reason_was_read(void *state)
{
	struct shared *shared = state;

	snarl_expect_eq(SNARL_STALE_READ, shared->read, CLOSING_TIME, "read");
}

#endif
