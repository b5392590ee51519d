/* chart.h - numbers as small drawings (inline SVG), and the statistics behind them. */
#ifndef SNARL_REPORTS_CHART_H
#define SNARL_REPORTS_CHART_H

#include "html.h"

struct interval {
	double low, high; /* 0..1 */
};

/*
 * Wilson's interval (1927) for a rate of which `hits` of `trials` independent ones were seen; `z`
 * is how many deviations it takes to either side.
 */
struct interval wilson(double hits, double trials, double z);

/*
 * What several runs found together. Executions of one run are not independent: they share the
 * engine's settings, the placement on the processors, the machine's mood. Runs of one and the same
 * case differ by a factor of two where pooled executions would promise three digits.
 */
struct sample {
	unsigned runs;
	double hits, trials;
	double spread;	    /* the sum of hits^2 / trials of each run */
	double least, most; /* rates of single runs */
};

enum { SAMPLE_RUNS_MIN = 3 }; /* with fewer, how much runs differ is a guess */

void sample_add(struct sample *sample, double hits, double trials);

/*
 * The 95 % interval of a sample's rate: Wilson's, with as many trials as are left when their number
 * is divided by how much more the runs differ than chance has it (the quasi-binomial dispersion),
 * and Student's t of the number of runs for z.
 */
struct interval sample_interval(const struct sample *sample);

/* A bar of `share` (0..1) of its width; a share above 0 is never too thin to be seen. */
void chart_bar(struct html *html, double share);

/* An interval as a bar with its rate as a line in it, on a scale that ends at `most`. */
void chart_interval(struct html *html, struct interval interval, double rate, double most);

#endif
