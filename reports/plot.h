/*
 * plot.h - lines over message sizes on logarithmic axes, as inline SVG: medians with a bar for the
 * middle half of the values. Colour, dash and mark distinguish lines, and each is named at its end,
 * or below the drawing if there is no room beside it.
 */
#ifndef SNARL_REPORTS_PLOT_H
#define SNARL_REPORTS_PLOT_H

#include "compare.h"
#include "html.h"

enum { PLOT_SIZES_MAX = 16, PLOT_LINES_MAX = 32, PLOT_TEXT_MAX = 32 };

struct plot_line {
	const char *title;		  /* among its family, */
	const char *alone;		  /* and as the reference in another family's drawing */
	unsigned family;		  /* its colour; that of shared memory is 0 */
	unsigned member;		  /* its dash and mark */
	struct spread at[PLOT_SIZES_MAX]; /* by size; a median of 0: there is none */
};

struct plot {
	const char *label; /* for screen readers */
	size_t size_count, line_count;
	double sizes[PLOT_SIZES_MAX];
	struct plot_line lines[PLOT_LINES_MAX];
	/* A value as text for the axis: "10 µs". */
	const char *(*text)(char buffer[static PLOT_TEXT_MAX], double value);
	unsigned family;  /* its lines are in front, the others thin behind them; */
	size_t reference; /* one of those, in the text's colour; line_count: none */
};

/* Define the lines' marks; once per page, before its first plot. */
void plot_marks_define(struct html *html);

void plot_write(struct html *html, const struct plot *plot);

#endif
