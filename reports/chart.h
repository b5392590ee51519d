/* chart.h - numbers as small drawings (inline SVG), and the statistics behind them. */
#ifndef SNARL_REPORTS_CHART_H
#define SNARL_REPORTS_CHART_H

#include "html.h"

struct interval {
	double low, high; /* 0..1 */
};

/*
 * Wilson's interval (1927) for a rate, from `hits` in `trials` independent trials; `z` is the
 * number of standard deviations to either side.
 */
struct interval wilson(double hits, double trials, double z);

/*
 * The pooled results of several runs. Executions of one run are not independent: they share the
 * engine's settings, the placement on the processors and the machine's load. Runs of the same case
 * differ by a factor of two where pooled executions would promise three digits.
 */
struct sample {
	unsigned runs;
	double hits, trials;
	double spread;	    /* the sum of hits^2 / trials of each run */
	double least, most; /* rates of single runs */
};

enum { SAMPLE_RUNS_MIN = 3 }; /* with fewer, the spread of the runs is a guess */

void sample_add(struct sample *sample, double hits, double trials);

/*
 * The 95 % interval of a sample's rate: Wilson's, with the number of trials divided by the
 * quasi-binomial dispersion (how much more the runs differ than chance explains), and with
 * Student's t for the number of runs as z.
 */
struct interval sample_interval(const struct sample *sample);

/* A bar of `share` (0..1) of its width; a share above 0 is never too thin to be seen. */
void chart_bar(struct html *html, double share);

/* An interval as a bar with its rate as a line in it, on a scale that ends at `most`. */
void chart_interval(struct html *html, struct interval interval, double rate, double most);

#endif
