/*
 * own.h - subjects that belong to no corpus: sources anywhere, which are built when they are to be
 * run, into a folder of the user's cache.
 */
#ifndef SNARL_CLI_OWN_H
#define SNARL_CLI_OWN_H

#include <stdbool.h>

#include "catalog.h"
#include "command.h"

/* Whether the word is the path of a source or of a folder, and no name of a scenario. */
bool own_is_path(const char *word);

/*
 * The catalogue that has what is named: the tree's, or, if paths are named, that of their sources.
 * Those, and the sources in folders, are built for the engines (none: all), with what a snarl.conf
 * beside them says and with `arguments`: further sources, flags and libraries. Then `names` gets
 * those that were built. Errors are printed on stderr; `failed` gets how many subjects have one.
 * Ends the program on a bad path or snarl.conf.
 */
struct catalog *own_or_tree(struct string_list *names, struct string_list *engines,
	const struct string_list *arguments, unsigned *failed);

/* The engines that sources anywhere can be built for. */
struct string_list own_engines(void);

/* The catalogue in the user's cache of the sources of this place (plan.h); NULL: there is none. */
struct catalog *own_find(uint32_t place);

#endif
