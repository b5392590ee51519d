/*
 * message.h - a writer fills two pages and sets a flag; a reader waits for the flag and reads the
 * pages. The flag is relaxed, so that only fences order the pages. Each variant defines how the
 * flag is set and awaited.
 */
#ifndef SCENARIOS_FENCES_MESSAGE_H
#define SCENARIOS_FENCES_MESSAGE_H

#include <sched.h>
#include <stdatomic.h>
#include <snarl.h>

enum { PAGES = 2 };

struct shared {
	int pages[PAGES]; /* the writer's until ready is set, then the reader's */
	atomic_int ready;
	int missing; /* the reader's: pages that it found empty */
};

/* Set `ready`. */
static void publish(struct shared *shared);

/* Wait until `ready` is set. */
static void await(struct shared *shared);

static void write_pages(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;

	(void)self;
	for (int i = 0; i < PAGES; i++)
		shared->pages[i] = 1;
	SNARL_POINT("write_pages/written");
	publish(shared);
}

static void read_pages(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;

	(void)self;
	await(shared);
	SNARL_POINT("read_pages/ready");
	for (int i = 0; i < PAGES; i++)
		shared->missing += !shared->pages[i];
}

static void no_page_missing(void *state)
{
	struct shared *shared = state;

	snarl_expect_eq(SNARL_STALE_READ, shared->missing, 0, "missing");
}

#endif
