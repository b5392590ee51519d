/*
 * killed_mid_update/correct_single_fetch: what the other can change at any time is read once.
 *
 * The server takes the length out of the shared memory into its own, and checks and uses that. What
 * the client writes meanwhile changes nothing any more.
 *
 *   length  server                      client
 *      4    own = length, own <= 4
 *      8                                length = 8
 *      8    copies own: 4 words
 */
#include <sched.h>
#include <snarl.h>
#include <stdatomic.h>

enum { ROOM = 4, ROUNDS = 64 };

struct store {
	_Atomic int connected;	     /* set by the client, once */
	_Atomic int length;	     /* words of the message; the client's to write, at any time */
	_Atomic int words[2 * ROOM]; /* of the message */
};

#include "common.h"

/* Copy the message into the server's own memory; returns the words it had no room for. */
static int message_copy(struct store *store)
{
	int own[2 * ROOM] = {0}; /* the server believes in half of that; behind it is another's */
	int length = atomic_load(&store->length), beyond = 0;

	if (length > ROOM)
		return 0; /* refused */
	SNARL_POINT("copy/checked");
	for (int w = 0; w < length; w++)
		own[w] = atomic_load(&store->words[w]);
	for (int w = ROOM; w < 2 * ROOM; w++)
		beyond += own[w] != 0;
	return beyond;
}

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
	for (int i = 0; store && i < ROUNDS; i++)
		atomic_store(&store->length, i % 2 ? 2 * ROOM : ROOM);
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

const struct snarl_scenario scenario = {
	.summary = "a length in shared memory, read once",
	.refs = "CWE-367; CERT FIO45-C; Jurczyk and Coldwind, Bochspwn (2013)",
	.state_size = sizeof(struct archive),
	.isolation = SNARL_PROCESSES,
	.actors = {{"server", serve}, {"client", change}},
	.setup = store_setup,
	.check = nothing_beyond,
	.observe = {"beyond"},
};
