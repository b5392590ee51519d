/* plot.c - lines over message sizes on logarithmic axes. Lengths are in the drawing's own unit. */
#include "plot.h"

#include <stdio.h>

/* The field that is drawn in, with room for the axes' words around it and names to its right. */
static const double WIDTH = 672, HEIGHT = 344, LEFT = 80, RIGHT = 420, TOP = 14, BOTTOM = 292;
static const double LABEL_X = 444, LABEL_LINE = 19, SWATCH = 26, MARKER = 4.2;

enum { FAMILIES_DRAWN = 4, MEMBERS_DRAWN = 4 };

/* The values' axis: whole decades. */
struct axis {
	int first, last; /* powers of ten */
};

double logarithm(double number)
{
	double whole = 0, ratio, power, sum = 0;

	if (number <= 0)
		return 0;
	for (; number >= 2; number /= 2)
		whole++;
	for (; number < 1; number *= 2)
		whole--;
	/* The series of artanh; of at most a third, so that each term is a ninth of the last. */
	ratio = (number - 1) / (number + 1);
	power = ratio;
	for (int term = 1; term < 40; term += 2) {
		sum += power / term;
		power *= ratio * ratio;
	}
	return whole + 2 * sum / 0.6931471805599453;
}

static double decades(double number)
{
	return logarithm(number) / 3.321928094887362;
}

const char *size_text(char buffer[static PLOT_TEXT_MAX], double bytes)
{
	if (bytes < 1 << 10)
		snprintf(buffer, PLOT_TEXT_MAX, "%.0f B", bytes);
	else if (bytes < 1 << 20)
		snprintf(buffer, PLOT_TEXT_MAX, "%.0f KiB", bytes / (1 << 10));
	else
		snprintf(buffer, PLOT_TEXT_MAX, "%.0f MiB", bytes / (1 << 20));
	return buffer;
}

static double x_of(const struct plot *plot, size_t size)
{
	double least = logarithm(plot->sizes[0]),
	       most = logarithm(plot->sizes[plot->size_count - 1]);

	if (most <= least)
		return (LEFT + RIGHT) / 2;
	return LEFT + (RIGHT - LEFT) * (logarithm(plot->sizes[size]) - least) / (most - least);
}

static double y_of(struct axis axis, double value)
{
	return BOTTOM - (BOTTOM - TOP) * (decades(value) - axis.first) / (axis.last - axis.first);
}

static int decade_below(double value)
{
	double exact = decades(value);
	int whole = (int)exact;

	return whole > exact ? whole - 1 : whole;
}

/* All lines count, so that the drawings of one kind have one axis and can be compared. */
static struct axis axis_of(const struct plot *plot)
{
	double least = 0, most = 0;
	struct axis axis;

	for (size_t i = 0; i < plot->line_count; i++)
		for (size_t s = 0; s < plot->size_count; s++) {
			const struct spread *at = &plot->lines[i].at[s];

			if (at->median <= 0)
				continue;
			least = least <= 0 || at->low < least ? at->low : least;
			most = at->high > most ? at->high : most;
		}
	if (least <= 0)
		return (struct axis){0, 1};
	axis.first = decade_below(least);
	axis.last = decade_below(most) + 1;
	return axis;
}

static void attribute(struct html *html, struct html_markup name, double number)
{
	html_put(html, name);
	html_textf(html, "%.4g", number);
}

static void line_draw(
	struct html *html, struct html_markup begin, double x1, double y1, double x2, double y2)
{
	html_put(html, begin);
	attribute(html, HTML(" d='M"), x1);
	attribute(html, HTML(" "), y1);
	attribute(html, HTML("L"), x2);
	attribute(html, HTML(" "), y2);
	html_put(html, HTML("'/>"));
}

static void text_draw(
	struct html *html, struct html_markup begin, double x, double y, const char *text)
{
	html_put(html, begin);
	attribute(html, HTML(" x="), x);
	attribute(html, HTML(" y="), y);
	html_wrap(html, HTML(">"), text, HTML("</text>"));
}

static void axes_draw(struct html *html, const struct plot *plot, struct axis axis)
{
	char text[PLOT_TEXT_MAX];
	double value = 1;

	for (int i = 0; i < axis.first; i++)
		value *= 10;
	for (int i = 0; i > axis.first; i--)
		value /= 10;
	for (int decade = axis.first; decade <= axis.last; decade++, value *= 10) {
		double y = y_of(axis, value);

		line_draw(html, HTML("<path class=grid"), LEFT, y, RIGHT, y);
		text_draw(html, HTML("<text class=end"), LEFT - 8, y + 5, plot->text(text, value));
	}
	for (size_t s = 0; s < plot->size_count; s++) {
		double x = x_of(plot, s);

		line_draw(html, HTML("<path class=grid"), x, TOP, x, BOTTOM);
		if (s % 2 == 0)
			text_draw(html, HTML("<text class=mid"), x, BOTTOM + 20,
				size_text(text, plot->sizes[s]));
	}
	text_draw(html, HTML("<text class=mid"), (LEFT + RIGHT) / 2, BOTTOM + 42,
		"size of a message");
}

static void class_put(struct html *html, const struct plot_line *line, bool reference)
{
	static const struct html_markup families[FAMILIES_DRAWN] = {HTML("<g class='drawn t1"),
		HTML("<g class='drawn t2"), HTML("<g class='drawn t3"), HTML("<g class='drawn t4")};
	static const struct html_markup members[MEMBERS_DRAWN] = {
		HTML(" d1'>"), HTML(" d2'>"), HTML(" d3'>"), HTML(" d4'>")};

	html_put(html,
		reference ? HTML("<g class='drawn ref") : families[line->family % FAMILIES_DRAWN]);
	html_put(html, reference ? HTML("'>") : members[line->member % MEMBERS_DRAWN]);
}

static void marker_draw(struct html *html, unsigned member, double x, double y)
{
	double r = MARKER;

	html_put(html, HTML("<path class=dot d='M"));
	switch (member % MEMBERS_DRAWN) {
	case 0: /* circle */
		html_textf(html, "%.4g %.4ga%g %g 0 1 1 %g 0a%g %g 0 1 1 %g 0z", x - r, y, r, r,
			2 * r, r, r, -2 * r);
		break;
	case 1: /* square */
		html_textf(html, "%.4g %.4gh%gv%gh%gz", x - r, y - r, 2 * r, 2 * r, -2 * r);
		break;
	case 2: /* triangle */
		html_textf(html, "%.4g %.4gl%g %gh%gz", x, y - r * 1.3, r * 1.3, r * 2.3, -r * 2.6);
		break;
	default: /* diamond */
		html_textf(html, "%.4g %.4gl%g %gl%g %gl%g %gz", x, y - r * 1.4, r * 1.4, r * 1.4,
			-r * 1.4, r * 1.4, -r * 1.4, -r * 1.4);
	}
	html_put(html, HTML("'/>"));
}

static void way_draw(
	struct html *html, const struct plot *plot, const struct plot_line *line, struct axis axis)
{
	bool begun = false;

	html_put(html, HTML("<path class=way d='"));
	for (size_t s = 0; s < plot->size_count; s++) {
		if (line->at[s].median <= 0)
			continue;
		html_put(html, begun ? HTML("L") : HTML("M"));
		html_textf(html, "%.4g %.4g", x_of(plot, s), y_of(axis, line->at[s].median));
		begun = true;
	}
	html_put(html, HTML("'/>"));
}

static void spreads_draw(
	struct html *html, const struct plot *plot, const struct plot_line *line, struct axis axis)
{
	html_put(html, HTML("<path class=bars d='"));
	for (size_t s = 0; s < plot->size_count; s++)
		if (line->at[s].median > 0)
			html_textf(html, "M%.4g %.4gV%.4g", x_of(plot, s),
				y_of(axis, line->at[s].low), y_of(axis, line->at[s].high));
	html_put(html, HTML("'/>"));
}

static bool last_of(const struct plot *plot, const struct plot_line *line, size_t *last)
{
	bool found = false;

	for (size_t s = 0; s < plot->size_count; s++)
		if (line->at[s].median > 0) {
			*last = s;
			found = true;
		}
	return found;
}

/* Names stand beside the ends of their lines, in the order of these, and never on one another. */
static void names_place(double *y, const size_t *order, size_t count)
{
	double bottom = BOTTOM - 6;

	for (size_t k = 1; k < count; k++)
		if (y[order[k]] < y[order[k - 1]] + LABEL_LINE)
			y[order[k]] = y[order[k - 1]] + LABEL_LINE;
	for (size_t k = count; k-- > 0; bottom = y[order[k]] - LABEL_LINE)
		if (y[order[k]] > bottom)
			y[order[k]] = bottom;
}

static void name_draw(struct html *html, const struct plot_line *line, bool reference, double x,
	double from, double y)
{
	class_put(html, line, reference);
	line_draw(html, HTML("<path class=lead"), x + 7, from, LABEL_X - 4, y);
	line_draw(html, HTML("<path class=way"), LABEL_X, y, LABEL_X + SWATCH, y);
	if (!reference)
		marker_draw(html, line->member, LABEL_X + SWATCH / 2, y);
	text_draw(html, HTML("<text"), LABEL_X + SWATCH + 6, y + 4.5,
		reference ? line->alone : line->title);
	html_put(html, HTML("</g>\n"));
}

static void names_draw(struct html *html, const struct plot *plot, struct axis axis)
{
	double y[PLOT_LINES_MAX], from[PLOT_LINES_MAX];
	size_t order[PLOT_LINES_MAX], count = 0, last[PLOT_LINES_MAX];

	for (size_t i = 0; i < plot->line_count; i++) {
		size_t k = count;

		if ((plot->lines[i].family != plot->family && i != plot->reference) ||
			!last_of(plot, &plot->lines[i], &last[i]))
			continue;
		y[i] = from[i] = y_of(axis, plot->lines[i].at[last[i]].median);
		for (; k > 0 && y[order[k - 1]] > y[i]; k--)
			order[k] = order[k - 1];
		order[k] = i;
		count++;
	}
	names_place(y, order, count);
	for (size_t k = 0; k < count; k++) {
		size_t i = order[k];

		name_draw(html, &plot->lines[i], i == plot->reference, x_of(plot, last[i]), from[i],
			y[i]);
	}
}

void plot_write(struct html *html, const struct plot *plot)
{
	struct axis axis = axis_of(plot);

	html_put(html, HTML("<svg class=plot role=img viewBox='0 0 "));
	html_textf(html, "%g %g", WIDTH, HEIGHT);
	html_put(html, HTML("' aria-label='"));
	html_text(html, plot->label);
	html_put(html, HTML("'>\n"));
	axes_draw(html, plot, axis);
	for (size_t i = 0; i < plot->line_count; i++)
		if (plot->lines[i].family != plot->family && i != plot->reference) {
			html_put(html, HTML("<g class=others>"));
			way_draw(html, plot, &plot->lines[i], axis);
			html_put(html, HTML("</g>\n"));
		}
	for (size_t i = 0; i < plot->line_count; i++) {
		const struct plot_line *line = &plot->lines[i];
		bool reference = i == plot->reference;

		if (line->family != plot->family && !reference)
			continue;
		class_put(html, line, reference);
		way_draw(html, plot, line, axis);
		spreads_draw(html, plot, line, axis);
		for (size_t s = 0; s < plot->size_count && !reference; s++)
			if (line->at[s].median > 0)
				marker_draw(html, line->member, x_of(plot, s),
					y_of(axis, line->at[s].median));
		html_put(html, HTML("</g>\n"));
	}
	names_draw(html, plot, axis);
	html_put(html, HTML("</svg>\n"));
}
