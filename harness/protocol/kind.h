/* kind.h - the names of the kinds of bugs. */
#ifndef SNARL_PROTOCOL_KIND_H
#define SNARL_PROTOCOL_KIND_H

#include <stddef.h>

#include <stdbool.h>

#include "snarl.h"

/* The execution did not end, though nothing crashed. */
enum {
	KINDS_OF_STANDSTILL =
		SNARL_DEADLOCK | SNARL_LOST_WAKEUP | SNARL_LIVELOCK | SNARL_HANG | SNARL_STARVATION,
};

/* Whether the set has a kind, and all its bits are kinds. */
bool kinds_known(unsigned kinds);

/* The first (lowest) kind in a set as a word: "lost-update"; "clean" for the empty set. */
const char *kind_name(unsigned kinds);

/*
 * Write the whole set as "overwrite|lost-item" into `buffer` and return it; bits that are no kinds
 * are left out.
 */
const char *kind_names(unsigned kinds, char *buffer, size_t size);

/* Parse one word or a set joined by '|'; "clean" is the empty set. 0 or -EINVAL. */
int kind_parse(const char *text, unsigned *kinds);

#endif
