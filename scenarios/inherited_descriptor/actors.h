/*
 * actors.h - an operator hangs up on alice and connects carol, while an announcer sends alice the
 * news. Each variant says how; that needs a `struct exchange` with the `wires`, and the descriptors
 * `alice` and `carol` to write to.
 */
#ifndef SCENARIOS_INHERITED_DESCRIPTOR_ACTORS_H
#define SCENARIOS_INHERITED_DESCRIPTOR_ACTORS_H

#include <errno.h>
#include <snarl.h>
#include <string.h>
#include <unistd.h>

#include "wires.h"

enum { NEWS = 3 };

static void announcer(void *state, struct snarl_actor *self)
{
	(void)self;
	for (int i = 0; i < NEWS; i++)
		announce(state);
}

static void operator(void *state, struct snarl_actor *self)
{
	struct exchange *exchange = state;

	(void)self;
	hang_up(exchange);
	exchange->carol = dup(exchange->wires[CAROL][1]);
}

static void wires_open(void *state)
{
	struct exchange *exchange = state;

	for (int i = 0; i < CALLERS; i++)
		if (pipe(exchange->wires[i]) != 0)
			snarl_skip("no pipe: %s", strerror(errno));
	exchange->alice = exchange->wires[ALICE][1];
	exchange->carol = -1;
}

/* Nobody writes to carol: once no write end of her wire is open, a read must return 0. */
static void nothing_for_carol(void *state)
{
	struct exchange *exchange = state;
	char heard[8];
	ssize_t count;

	if (exchange->carol >= 0)
		close(exchange->carol);
	close(exchange->wires[CAROL][1]);
	count = read(exchange->wires[CAROL][0], heard, sizeof heard);
	for (int i = 0; i < CALLERS; i++)
		close(exchange->wires[i][0]);
	snarl_expect_eq(SNARL_TORN_MESSAGE, count, 0, "bytes that carol heard");
}

#endif
