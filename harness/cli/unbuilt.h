/* unbuilt.h - the variants of a tree that its last build could not make into cases. */
#ifndef SNARL_CLI_UNBUILT_H
#define SNARL_CLI_UNBUILT_H

#include "catalog.h"
#include "command.h"

/*
 * The reasons, one per line, of those that the names and the globs choose as they choose cases
 * (named.h); to be freed. NULL: there are none.
 */
char *unbuilt_reasons(const struct catalog *catalog, const struct string_list *names,
	const struct string_list *globs);

#endif
