/*
 * interleaving.h - the order in which the actors' steps were made, as a section of a failure page:
 * a row a step, a lane an actor, and between the lanes arrows for what orders them or does not.
 */
#ifndef SNARL_REPORTS_INTERLEAVING_H
#define SNARL_REPORTS_INTERLEAVING_H

#include "page.h"
#include "source.h"

/* Steps of a trace, counted from 0: [from, to). */
struct span {
	size_t from, to;
};

/* Those that are drawn; none where there is no trace. */
struct span interleaving_drawn(const json_t *trace);

/* Whether two accesses that no order separates meet in this step. */
bool step_races(const json_t *step);

/* The number of a step, which is counted from 1 for people; a link if its row is there. */
void step_number_write(struct html *html, struct span drawn, size_t step);

/* Write the section; for a case that has a trace. */
void interleaving_write(
	struct html *html, const struct shown *shown, const struct sources *sources);

#endif
