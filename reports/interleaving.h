/*
 * interleaving.h - the order in which the actors' steps were made, as a section of a failure page:
 * a row a step, a lane an actor, and between the lanes arrows for what orders them or does not.
 */
#ifndef SNARL_REPORTS_INTERLEAVING_H
#define SNARL_REPORTS_INTERLEAVING_H

#include "page.h"
#include "source.h"

/* Write the section; for a case that has a trace. */
void interleaving_write(
	struct html *html, const struct shown *shown, const struct sources *sources);

#endif
