/* chart.h - numbers as small drawings (inline SVG), and the statistics behind them. */
#ifndef SNARL_REPORTS_CHART_H
#define SNARL_REPORTS_CHART_H

#include "html.h"

struct interval {
	double low, high; /* 0..1 */
};

/* Wilson's 95 % interval of a rate of which `hits` of `trials` were seen (Wilson 1927). */
struct interval wilson(double hits, double trials);

/* A bar of `share` (0..1) of its width; a share above 0 is never too thin to be seen. */
void chart_bar(struct html *html, double share);

/* An interval as a bar with its rate as a line in it, on a scale that ends at `most`. */
void chart_interval(struct html *html, struct interval interval, double rate, double most);

#endif
