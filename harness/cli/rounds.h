/*
 * rounds.h - the same campaign several times: which cases do not always come out the same.
 *
 * Chance may decide which of its declared kinds a bug shows first, and whether a bug that may be
 * seen is seen: such a case varies as declared. Any other case that varies differs, which is a bug
 * in snarl or in a declaration.
 */
#ifndef SNARL_CLI_ROUNDS_H
#define SNARL_CLI_ROUNDS_H

#include "catalog.h"
#include "result.h"

struct rounds;

struct rounds *rounds_open(unsigned cases);
void rounds_close(struct rounds *rounds);

/* Note the outcome of a case in the current round. */
void rounds_add(struct rounds *rounds, unsigned index, const struct subject *subject,
	const struct result *result);

/*
 * Print, after `count` rounds, each case that did not always come out the same, and a summary; as
 * JSON one object per such case. Returns how many differ.
 */
unsigned rounds_print(const struct rounds *rounds, unsigned count, bool json);

#endif
