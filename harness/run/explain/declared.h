/* declared.h - what a subject declares, held against its program. */
#ifndef SNARL_RUN_DECLARED_H
#define SNARL_RUN_DECLARED_H

#include "subject.h"
#include "symbols.h"

/*
 * A name in the declaration that the program does not have, and what to do about it; to be freed.
 * NULL: there is none, or no debug information to find it by.
 */
char *declared_misuse(struct symbols *symbols, const struct subject *subject);

#endif
