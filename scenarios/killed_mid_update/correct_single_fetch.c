/*
 * killed_mid_update/correct_single_fetch: a length that another process can change is read once.
 *
 * The server copies the length from the shared memory into its own, and checks and uses that copy.
 * A length that the client writes meanwhile changes nothing any more.
 *
 *   length  server                      client
 *      4    own = length, own <= 4
 *      8                                length = 8
 *      8    copies own: 4 words
 */
#include "length.h"

static int message_copy(struct store *store)
{
	int own[2 * ROOM] = {0}; /* the first ROOM are its buffer; the others lie beyond it */
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
