/*
 * common.h - readers look at a pair of equal numbers, which a writer changes. Readers may look at
 * the same time, but the writer has to be alone. Each variant says how they come in and go out, and
 * what guards the members of its `struct shared`; it needs the members `left`, `right` and `torn`.
 */
#ifndef SCENARIOS_READERS_WRITERS_COMMON_H
#define SCENARIOS_READERS_WRITERS_COMMON_H

#include <snarl.h>
#include <stdbool.h>

struct shared; /* each variant's own */

static void read_lock(struct shared *shared);
static void read_unlock(struct shared *shared);

/* Return false if the writer has to skip this change. */
static bool write_lock(struct shared *shared);
static void write_unlock(struct shared *shared);

static void look(struct shared *shared, int reader)
{
	for (int i = 0; i < READS; i++) {
		int left;

		read_lock(shared);
		left = shared->left;
		SNARL_POINT("look/left_read");
		shared->torn[reader] += left != shared->right;
		read_unlock(shared);
	}
}

static void look_first(void *state, struct snarl_actor *self)
{
	(void)self;
	look(state, 0);
}

static void look_second(void *state, struct snarl_actor *self)
{
	(void)self;
	look(state, 1);
}

static void change(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;

	(void)self;
	for (int i = 0; i < WRITES; i++) {
		if (!write_lock(shared))
			continue;
		shared->left++;
		SNARL_POINT("change/left_written");
		shared->right++;
		write_unlock(shared);
	}
}

static void pairs_whole(void *state)
{
	struct shared *shared = state;

	snarl_expect_eq(SNARL_ASSERTION, shared->torn[0] + shared->torn[1], 0, "torn");
}

#endif
