/*
 * conf.h - snarl.conf: what the sources in its folder are built with.
 *
 *   # for every source in this folder
 *   sources = ../src/queue.c
 *   cflags = -I../include
 *   libs = -lm
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

#include "command.h"

/*
 * Add what is said for the file to `arguments`; NULL: what is said for any, sources only. Returns
 * whether there is a snarl.conf. Ends the program with 2 and its line if it cannot be read.
 */
bool conf_read(const char *folder, const char *file, struct string_list *arguments);

#endif
