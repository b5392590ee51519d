/* stack.h - a stack as a list of frames, innermost first, each with its line of source. */
#ifndef SNARL_REPORTS_STACK_H
#define SNARL_REPORTS_STACK_H

#include <jansson.h>

#include "html.h"
#include "source.h"

/* Write a stack, or that none was kept; NULL counts as an empty one. */
void stack_write(struct html *html, const json_t *stack, const struct sources *sources);

#endif
