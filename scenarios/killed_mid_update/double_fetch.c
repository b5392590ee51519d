/*
 * killed_mid_update/double_fetch: the length is checked in the shared memory, and read there again
 * for use.
 *
 * Between the two the other process writes another. That each access by itself is atomic is no
 * help: what was checked is not what is used. A kernel that reads its caller's memory, or a
 * privileged process that of another, is broken into that way.
 *
 *   length  server                      client
 *      4    length <= 4: yes
 *      8                                length = 8
 *      8    copies length: 8 words into room for 4
 */
#include "length.h"

static int message_copy(struct store *store)
{
	int own[2 * ROOM] = {0}; /* the server believes in half of that; behind it is another's */
	int length, beyond = 0;

	if (atomic_load(&store->length) > ROOM)
		return 0; /* refused */
	SNARL_POINT("copy/checked");
	length = atomic_load(&store->length);
	for (int w = 0; w < length; w++)
		own[w] = atomic_load(&store->words[w]);
	for (int w = ROOM; w < 2 * ROOM; w++)
		beyond += own[w] != 0;
	return beyond;
}

const struct snarl_scenario scenario = {
	.summary = "a length in shared memory, checked and then read again",
	.refs = "CWE-367; CERT FIO45-C; Jurczyk and Coldwind, Bochspwn (2013)",
	.state_size = sizeof(struct archive),
	.isolation = SNARL_PROCESSES,
	.actors = {{"server", serve}, {"client", change}},
	.setup = store_setup,
	.check = nothing_beyond,
	.observe = {"beyond"},
	.expect = {.bug = SNARL_OVERWRITE},
};
