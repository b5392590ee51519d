/*
 * plot.h - lines over sizes or times as inline SVG: a value, with a bar for its spread. The axis
 * below is logarithmic, the one beside it too, or one of shares. Colour, dash and mark distinguish
 * lines, and each is named at its end, or below the drawing if there is no room beside it.
 */
#ifndef SNARL_REPORTS_PLOT_H
#define SNARL_REPORTS_PLOT_H

#include "compare.h"
#include "html.h"

enum { PLOT_SIZES_MAX = 16, PLOT_LINES_MAX = 32, PLOT_TEXT_MAX = 32 };

/* As the family in front: all of them. */
#define PLOT_ALL UINT32_MAX

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
	const char *along; /* what the axis below has */
	bool shares;	   /* values are from 0 to 1, and their axis is linear */
	/* A value, and a size, as text for the axes: "10 µs", "4 KiB". */
	const char *(*text)(char buffer[static PLOT_TEXT_MAX], double value);
	const char *(*size_text)(char buffer[static PLOT_TEXT_MAX], double size);
	unsigned family;  /* its lines are in front, the others thin behind them; or PLOT_ALL; */
	size_t reference; /* one of those, in the text's colour; line_count: none */
};

/* Define the lines' marks; once per page, before its first plot. */
void plot_marks_define(struct html *html);

void plot_write(struct html *html, const struct plot *plot);

#endif
