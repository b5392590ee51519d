/*
 * length.h - a client leaves a message in shared memory, with its length, and changes the length
 * while the server copies the message. Each variant says how the server copies it.
 */
#ifndef SCENARIOS_KILLED_MID_UPDATE_LENGTH_H
#define SCENARIOS_KILLED_MID_UPDATE_LENGTH_H

#include <sched.h>
#include <snarl.h>
#include <stdatomic.h>

enum { ROOM = 4, ROUNDS = 64 };

struct store {
	_Atomic int connected;	     /* set by the client, once */
	_Atomic int length;	     /* words of the message; the client may write it at any time */
	_Atomic int words[2 * ROOM]; /* of the message */
};

#include "common.h"

/* Copy the message into the server's own memory; returns how many words went beyond ROOM. */
static int message_copy(struct store *store);

static void serve(void *state, struct snarl_actor *self)
{
	struct archive *archive = state;
	struct store *store = store_map(archive->name, 0);

	(void)self;
	while (store && !atomic_load(&store->connected))
		sched_yield();
	for (int i = 0; store && i < ROUNDS; i++)
		archive->beyond += message_copy(store);
	if (store)
		munmap(store, sizeof *store);
}

static void change(void *state, struct snarl_actor *self)
{
	struct archive *archive = state;
	struct store *store = store_map(archive->name, 0);

	(void)self;
	if (store)
		atomic_store(&store->connected, 1);
	for (int i = 0; store && i < ROUNDS; i++) {
		atomic_store(&store->length, i % 2 ? 2 * ROOM : ROOM);
		SNARL_POINT("change/changed");
	}
	if (store)
		munmap(store, sizeof *store);
}

static void store_setup(void *state)
{
	struct store *store = store_create(state);

	atomic_store(&store->length, ROOM);
	for (int w = 0; w < 2 * ROOM; w++)
		atomic_store(&store->words[w], w + 1);
	munmap(store, sizeof *store);
}

static void nothing_beyond(void *state)
{
	struct archive *archive = state;

	snarl_expect_eq(SNARL_OVERWRITE, archive->beyond, 0, "beyond");
}

#endif
