/*
 * chart.c - small drawings. Screen readers skip them, since the numbers stand beside them as text.
 */
#include "chart.h"

#include <math.h>

struct interval wilson(double hits, double trials, double z)
{
	double rate, middle, half, spread;

	if (trials <= 0)
		return (struct interval){0, 1};
	rate = hits / trials;
	middle = (rate + z * z / (2 * trials)) / (1 + z * z / trials);
	spread = rate * (1 - rate) / trials + z * z / (4 * trials * trials);
	half = z * sqrt(spread) / (1 + z * z / trials);
	return (struct interval){
		.low = hits <= 0 || middle < half ? 0 : middle - half,
		.high = hits >= trials || middle + half > 1 ? 1 : middle + half,
	};
}

void sample_add(struct sample *sample, double hits, double trials)
{
	double rate = hits / trials;

	if (!sample->runs || rate < sample->least)
		sample->least = rate;
	if (!sample->runs || rate > sample->most)
		sample->most = rate;
	sample->runs++;
	sample->hits += hits;
	sample->trials += trials;
	sample->spread += hits * hits / trials;
}

struct interval sample_interval(const struct sample *sample)
{
	/*
	 * Student's t, two-sided 95 %, for 1, 2, ... degrees of freedom. The last one serves for
	 * all above.
	 */
	static const double t[] = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262,
		2.228, 2.201, 2.179, 2.160, 2.145, 2.131};
	const unsigned known = sizeof t / sizeof *t;
	double rate, chance, dispersion = 1;
	unsigned at;

	if (sample->runs < 2 || sample->trials <= 0)
		return (struct interval){0, 1};
	at = sample->runs - 2 < known ? sample->runs - 2 : known - 1;
	rate = sample->hits / sample->trials;
	chance = rate * (1 - rate);
	if (chance > 0)
		dispersion = (sample->spread - rate * rate * sample->trials) /
			     (chance * (sample->runs - 1));
	if (dispersion < 1)
		dispersion = 1;
	return wilson(sample->hits / dispersion, sample->trials / dispersion, t[at]);
}

static double percent(double share)
{
	return share > 0 ? 100 * (share < 1 ? share : 1) : 0;
}

void chart_bar(struct html *html, double share)
{
	double width = percent(share);

	html_put(html,
		HTML("<svg class=bar viewBox='0 0 100 6' preserveAspectRatio=none "
		     "aria-hidden=true><rect class=ground width=100 height=6 /><rect width="));
	html_textf(html, "%.2f", width > 0 && width < 0.7 ? 0.7 : width);
	html_put(html, HTML(" height=6 /></svg>"));
}

void chart_interval(struct html *html, struct interval interval, double rate, double most)
{
	double scale = most > 0 ? most : 1;
	double low = percent(interval.low / scale), high = percent(interval.high / scale);
	double at = percent(rate / scale);

	html_put(html, HTML("<svg class=bar viewBox='0 0 100 6' preserveAspectRatio=none "
			    "aria-hidden=true><rect class=ground width=100 height=6 /><rect "
			    "class=range x="));
	html_textf(html, "%.2f", low);
	html_put(html, HTML(" width="));
	html_textf(html, "%.2f", high - low < 0.7 ? 0.7 : high - low);
	html_put(html, HTML(" y=1.5 height=3 /><rect x="));
	html_textf(html, "%.2f", at < 99 ? at : 99);
	html_put(html, HTML(" width=1 height=6 /></svg>"));
}
