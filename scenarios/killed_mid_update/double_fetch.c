/*
 * killed_mid_update/double_fetch: a length in shared memory is checked, and read again for use.
 *
 * Between the two reads the other process writes another length. Atomic accesses do not help,
 * because the length that was checked is not the length that is used. Attackers break in this way
 * into a kernel that reads its caller's memory, or into a privileged process that reads another's.
 *
 *   length  server                      client
 *      4    length <= 4: yes
 *      8                                length = 8
 *      8    copies length: 8 words into room for 4
 */
#include "length.h"

static int message_copy(struct store *store)
{
	int own[2 * ROOM] = {0}; /* the first ROOM are its buffer; the others lie beyond it */
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
