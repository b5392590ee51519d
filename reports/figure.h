/*
 * figure.h - the wait-for graph as a drawing: circles are actors, squares are what they wait for,
 * the cycle is thick.
 */
#ifndef SNARL_REPORTS_FIGURE_H
#define SNARL_REPORTS_FIGURE_H

#include "graph.h"
#include "page.h"

/*
 * Write it as inline SVG with its words as a label; nothing is written for a graph without edges.
 */
void figure_write(struct html *html, const struct case_view *case_view, const struct graph *graph);

#endif
