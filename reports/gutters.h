/* gutters.h - the arrows of an interleaving, drawn between its lanes. */
#ifndef SNARL_REPORTS_GUTTERS_H
#define SNARL_REPORTS_GUTTERS_H

#include "html.h"
#include "layout.h"

/* The length of an arrow's head in a gutter, in rem. */
static const double GUTTER_HEAD = .5;

/* Write a piece of a gutter, for the rows that are drawn together. */
void gutter_write(struct html *html, const struct layout *all, unsigned gutter, struct span rows);

#endif
