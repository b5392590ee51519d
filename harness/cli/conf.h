/*
 * conf.h - snarl.conf: what the sources in its folder are built and run with.
 *
 *   # for every source in this folder
 *   sources = ../src/queue.c
 *   cflags = -I../include
 *   libs = -lm
 *   # for main, if they have one
 *   args = -n 3 'in two words'
 *
 *   [shutdown.c]
 *   cflags = -DLIMIT=4
 *
 * A section is for one file, and adds to what stands above. Words are split, quoted and expanded as
 * in a shell. Paths start at the folder.
 */
#ifndef SNARL_CLI_CONF_H
#define SNARL_CLI_CONF_H

#include <stdbool.h>

#include "args.h"
#include "command.h"

/*
 * Add what is said for the file to `arguments`, and what its main gets to `args`; NULL: what is
 * said for any, sources only. Returns whether there is a snarl.conf. Ends the program with 2 and
 * its line if it cannot be read.
 */
bool conf_read(
	const char *folder, const char *file, struct string_list *arguments, struct args *args);

/*
 * Split a text as a shell would that is in the folder, and add its words to the arguments of main.
 * Returns NULL, or what is wrong with it.
 */
const char *conf_args(const char *folder, const char *text, struct args *args);

#endif
