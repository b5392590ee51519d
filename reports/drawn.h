/* drawn.h - a trace as a page shows it: which of its steps are drawn, and their numbers. */
#ifndef SNARL_REPORTS_DRAWN_H
#define SNARL_REPORTS_DRAWN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "html.h"

enum { TRACE_DRAWN_MAX = 400 /* steps */ };

/* Steps of a trace, counted from 0: [from, to). */
struct span {
	size_t from, to;
};

bool span_has(struct span span, size_t step);

/* The steps that are drawn; none where there is no trace. */
struct span trace_drawn(const json_t *trace);

/* Whether two accesses that no order separates meet in this step. */
bool step_races(const json_t *step);

/* The number of a step, which is counted from 1 for people; a link if its row is there. */
void step_number_write(struct html *html, struct span drawn, size_t step);

#endif
