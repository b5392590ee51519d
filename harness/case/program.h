/*
 * program.h - a plain program as a case: no scenario is linked, and its main is the only actor that
 * the harness starts. When main ends, or anybody calls exit, the execution is over, whatever other
 * threads are doing.
 */
#ifndef SNARL_CASE_PROGRAM_H
#define SNARL_CASE_PROGRAM_H

#include <stdbool.h>

#include "args.h"

/* What the program is run with, and what else is a failure of it: set before it runs. */
extern struct program_rules {
	bool status; /* one that is not 0 */
	bool leaks;  /* memory that it has at its end; for explore */
	struct args args;
} program_rules;

/* What the build calls the program's main; NULL: the case is a scenario. */
int snarl_program_main(int argc, char **argv, char **envp) __attribute__((weak));

/* Whether the case is a program. */
static inline bool program_is(void)
{
	return snarl_program_main != (int (*)(int, char **, char **))0;
}

#endif
