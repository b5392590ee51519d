/* declaration.h - whether the linked scenario's declaration can be run. */
#ifndef SNARL_MAIN_DECLARATION_H
#define SNARL_MAIN_DECLARATION_H

#include <stdbool.h>

/* What is wrong with it for this engine, and what to do about it; NULL: nothing. */
const char *declaration_misuse(void);

/* Whether the text is a rule, and short enough for a plan. */
bool declaration_rule(const char *text);

#endif
