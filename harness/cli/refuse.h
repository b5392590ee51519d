/* refuse.h - a word that is not valid: which one was meant, or which ones there are. */
#ifndef SNARL_CLI_REFUSE_H
#define SNARL_CLI_REFUSE_H

#include "command.h"

/* The valid word that is most like the given one; NULL: none is like it. */
const char *word_near(const char *given, const struct string_list *valid);

/*
 * End the program with 2 and a message: "WHAT: did you mean 'WORD'?", or, if no valid word is like
 * the given one, all of them.
 */
void word_refuse(const char *what, const char *given, const struct string_list *valid)
	__attribute__((noreturn));

/* Likewise unless the word is valid: "unknown KIND 'GIVEN'". */
void word_check(const char *kind, const char *given, const struct string_list *valid);

#endif
