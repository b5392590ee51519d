/*
 * interleaving.h - the order of the actors' steps, as a section of a failure page: one row per
 * step, one lane per actor, and between the lanes arrows for order, races and messages.
 */
#ifndef SNARL_REPORTS_INTERLEAVING_H
#define SNARL_REPORTS_INTERLEAVING_H

#include "page.h"
#include "source.h"

/* Write the section; for a case that has a trace. */
void interleaving_write(
	struct html *html, const struct case_view *case_view, const struct sources *sources);

#endif
