/*
 * common.h - alice and bob hold one reference each to a shared document. Each writes its page and
 * drops its reference; the owner that drops the last one binds the pages together and frees the
 * document. Each variant says how a reference is dropped.
 */
#ifndef SCENARIOS_REFERENCE_COUNT_COMMON_H
#define SCENARIOS_REFERENCE_COUNT_COMMON_H

#include <stdatomic.h>
#include <stdlib.h>
#include <snarl.h>

enum { ALICE, BOB, OWNERS };

struct document {
	_Atomic int references;
	int pages[OWNERS]; /* by owner: its own until it drops its reference, then the last one's */
};

struct shared {
	struct document *document;
	int bound; /* bound pages; written by the owner that drops the last reference */
};

/* The caller does not use the document any more. */
static void drop(struct shared *shared);

static void bind_and_free(struct shared *shared)
{
	shared->bound = shared->document->pages[ALICE] + shared->document->pages[BOB];
	free(shared->document);
}

static void alice(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;

	(void)self;
	shared->document->pages[ALICE] = 1;
	SNARL_POINT("write/written");
	drop(shared);
}

static void bob(void *state, struct snarl_actor *self)
{
	struct shared *shared = state;

	(void)self;
	shared->document->pages[BOB] = 1;
	SNARL_POINT("write/written");
	drop(shared);
}

static void document_setup(void *state)
{
	struct shared *shared = state;

	shared->document = calloc(1, sizeof *shared->document);
	atomic_init(&shared->document->references, OWNERS);
}

static void every_page_bound(void *state)
{
	struct shared *shared = state;

	snarl_expect_eq(SNARL_STALE_READ, shared->bound, OWNERS, "bound");
}

#endif
