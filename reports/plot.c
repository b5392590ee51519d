/*
 * plot.c - lines over sizes or times.
 *
 * Words are HTML around the drawing, never in it: so they keep their size however wide the drawing
 * is, and have a plain background. The drawing is as wide as there is room, so horizontal lengths
 * are hundredths of its width. Vertical ones are in rem, since names must not overlap.
 */
#include "plot.h"

#include <math.h>
#include <stdio.h>

#include "text.h"

/* In hundredths: the space left of the first and right of the last size. */
static const double INSET = 2.5;
/* In rem, as style.css has them. */
static const double HEIGHT = 15, NAME_LINE = 1.3;

enum { FAMILIES_DRAWN = 4, MEMBERS_DRAWN = 4 };

/* The most words on an axis; more would overlap. */
enum { SIZES_NAMED = 5, DECADES_NAMED = 10 };

/* The values' axis: whole decades, or tenths of a share. */
struct axis {
	bool shares;
	int first, last; /* powers of ten, or tenths */
};

enum { SHARES_STEP = 2 /* tenths between two lines of the grid */ };

static double x_of(const struct plot *plot, size_t size)
{
	double least = log2(plot->sizes[0]), most = log2(plot->sizes[plot->size_count - 1]);

	if (most <= least)
		return 50;
	return INSET + (100 - 2 * INSET) * (log2(plot->sizes[size]) - least) / (most - least);
}

/* In hundredths of the height, from the top. */
static double y_of(struct axis axis, double value)
{
	if (axis.shares)
		return 100 - 100 * value;
	return 100 - 100 * (log10(value) - axis.first) / (axis.last - axis.first);
}

static int decade_below(double value)
{
	double exact = log10(value);
	int whole = (int)exact;

	return whole > exact ? whole - 1 : whole;
}

/* All lines count, so that the drawings of one kind have one axis and can be compared. */
static struct axis axis_of(const struct plot *plot)
{
	double least = 0, most = 0;
	struct axis axis = {plot->shares, 0, 10};

	if (plot->shares)
		return axis;
	for (size_t i = 0; i < plot->line_count; i++)
		for (size_t s = 0; s < plot->size_count; s++) {
			const struct spread *at = &plot->lines[i].at[s];

			if (at->median <= 0)
				continue;
			least = least <= 0 || at->low < least ? at->low : least;
			most = at->high > most ? at->high : most;
		}
	if (least <= 0)
		return (struct axis){false, 0, 1};
	axis.first = decade_below(least);
	axis.last = decade_below(most) + 1;
	return axis;
}

/* The distance between two marks with words, so that at most `named` of `count` have one. */
static int step_of(int count, int named)
{
	return (count - 1) / named + 1;
}

static double power_of_ten(int power)
{
	double value = 1;

	for (; power > 0; power--)
		value *= 10;
	for (; power < 0; power++)
		value /= 10;
	return value;
}

/* The value at a mark of the axis. */
static double mark_value(struct axis axis, int mark)
{
	return axis.shares ? mark / 10.0 : power_of_ten(mark);
}

/* --- the plot's area ----------------------------------------------------------------------- */

static void grid_draw(struct html *html, const struct plot *plot, struct axis axis)
{
	html_put(html, HTML("<path class=grid d='"));
	for (int mark = axis.first; mark <= axis.last; mark += axis.shares ? SHARES_STEP : 1)
		html_textf(html, "M0 %.4gH100", y_of(axis, mark_value(axis, mark)));
	for (size_t s = 0; s < plot->size_count; s++)
		html_textf(html, "M%.4g 0V100", x_of(plot, s));
	html_put(html, HTML("'/>\n"));
}

static struct html_markup family_class(const struct plot_line *line, bool reference)
{
	static const struct html_markup families[FAMILIES_DRAWN] = {
		HTML("drawn t1"), HTML("drawn t2"), HTML("drawn t3"), HTML("drawn t4")};

	return reference ? HTML("drawn ref") : families[line->family % FAMILIES_DRAWN];
}

static struct html_markup member_class(const struct plot_line *line, bool reference)
{
	static const struct html_markup members[MEMBERS_DRAWN] = {
		HTML(" d1"), HTML(" d2"), HTML(" d3"), HTML(" d4")};

	return reference ? HTML("") : members[line->member % MEMBERS_DRAWN];
}

static void group_begin(struct html *html, const struct plot_line *line, bool reference)
{
	html_put(html, HTML("<g class='"));
	html_put(html, family_class(line, reference));
	html_put(html, member_class(line, reference));
	html_put(html, HTML("'>"));
}

void plot_marks_define(struct html *html)
{
	html_put(html, HTML("<svg class=defs aria-hidden=true><defs><circle id=m1 r=4.2 />"
			    "<path id=m2 d='M-3.9-3.9h7.8v7.8h-7.8z'/>"
			    "<path id=m3 d='M0-5.2l5.2 9h-10.4z'/>"
			    "<path id=m4 d='M0-5.6l5.6 5.6-5.6 5.6-5.6-5.6z'/></defs></svg>\n"));
}

static void mark_begin(struct html *html, unsigned member)
{
	static const struct html_markup marks[MEMBERS_DRAWN] = {HTML("<use href='#m1'"),
		HTML("<use href='#m2'"), HTML("<use href='#m3'"), HTML("<use href='#m4'")};

	html_put(html, marks[member % MEMBERS_DRAWN]);
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

static void marks_draw(
	struct html *html, const struct plot *plot, const struct plot_line *line, struct axis axis)
{
	for (size_t s = 0; s < plot->size_count; s++) {
		if (line->at[s].median <= 0)
			continue;
		mark_begin(html, line->member);
		html_textf(
			html, " x=%.4g%% y=%.4g%%", x_of(plot, s), y_of(axis, line->at[s].median));
		html_put(html, HTML(" />"));
	}
}

static bool in_front(const struct plot *plot, size_t line)
{
	return plot->family == PLOT_ALL || plot->lines[line].family == plot->family ||
	       line == plot->reference;
}

/* Draw what is stretched to the area's width; the width of strokes is not. */
static void lines_draw(struct html *html, const struct plot *plot, struct axis axis)
{
	html_put(html, HTML("<svg viewBox='0 0 100 100' preserveAspectRatio=none>\n"));
	grid_draw(html, plot, axis);
	html_put(html, HTML("<g class=others>"));
	for (size_t i = 0; i < plot->line_count; i++)
		if (!in_front(plot, i))
			way_draw(html, plot, &plot->lines[i], axis);
	html_put(html, HTML("</g>\n"));
	for (size_t i = 0; i < plot->line_count; i++) {
		if (!in_front(plot, i))
			continue;
		group_begin(html, &plot->lines[i], i == plot->reference);
		spreads_draw(html, plot, &plot->lines[i], axis);
		way_draw(html, plot, &plot->lines[i], axis);
		html_put(html, HTML("</g>\n"));
	}
	html_put(html, HTML("</svg>\n"));
	for (size_t i = 0; i < plot->line_count; i++) {
		if (!in_front(plot, i) || i == plot->reference)
			continue;
		group_begin(html, &plot->lines[i], false);
		marks_draw(html, plot, &plot->lines[i], axis);
		html_put(html, HTML("</g>\n"));
	}
}

/* --- names --------------------------------------------------------------------------------- */

/* The names of the lines in front, from the top. */
struct names {
	size_t count, line[PLOT_LINES_MAX], last[PLOT_LINES_MAX]; /* where the line ends */
	double from[PLOT_LINES_MAX], y[PLOT_LINES_MAX];		  /* in hundredths */
};

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

/*
 * Place names beside the ends of their lines; names that would overlap, around their common middle.
 */
static void names_place(struct names *names)
{
	const double line = 100 * NAME_LINE / HEIGHT;
	double middle[PLOT_LINES_MAX]; /* of a block, if its names were all on its first line */
	size_t held[PLOT_LINES_MAX], blocks = 0, k = 0;

	for (size_t i = 0; i < names->count; i++) {
		middle[blocks] = names->from[i] - (double)i * line;
		held[blocks++] = 1;
		for (; blocks > 1 && middle[blocks - 1] < middle[blocks - 2]; blocks--) {
			size_t upper = held[blocks - 2], lower = held[blocks - 1];

			middle[blocks - 2] = (middle[blocks - 2] * (double)upper +
						     middle[blocks - 1] * (double)lower) /
					     (double)(upper + lower);
			held[blocks - 2] += lower;
		}
	}
	for (size_t b = 0; b < blocks; b++)
		for (size_t i = 0; i < held[b]; i++, k++) {
			double lowest = 100 - (double)(names->count - 1 - k) * line;

			names->y[k] = middle[b] + (double)k * line;
			names->y[k] = names->y[k] > lowest ? lowest : names->y[k];
			names->y[k] =
				names->y[k] < (double)k * line ? (double)k * line : names->y[k];
		}
}

static struct names names_of(const struct plot *plot, struct axis axis)
{
	struct names names = {0};

	for (size_t i = 0; i < plot->line_count; i++) {
		size_t k = names.count, last;
		double y;

		if (!in_front(plot, i) || !last_of(plot, &plot->lines[i], &last))
			continue;
		y = y_of(axis, plot->lines[i].at[last].median);
		for (; k > 0 && names.from[k - 1] > y; k--) {
			names.from[k] = names.from[k - 1];
			names.line[k] = names.line[k - 1];
			names.last[k] = names.last[k - 1];
		}
		names.from[k] = y;
		names.line[k] = i;
		names.last[k] = last;
		names.count++;
	}
	names_place(&names);
	return names;
}

/* Draw a lead from a line's end across the plot's area, then beside it to the name. */
static void leads_draw(struct html *html, const struct plot *plot, const struct names *names)
{
	for (size_t k = 0; k < names->count; k++) {
		size_t i = names->line[k];

		group_begin(html, &plot->lines[i], i == plot->reference);
		html_put(html, HTML("<line class=lead"));
		html_textf(html, " x1=%.4g%% x2=100%% y1=%.4g%% y2=%.4g%%",
			x_of(plot, names->last[k]), names->from[k], names->from[k]);
		html_put(html, HTML(" /><svg class=lead x='100%' width='1.25rem'><line"));
		html_textf(html, " y1=%.4g%% x2=100%% y2=%.4g%%", names->from[k], names->y[k]);
		html_put(html, HTML(" /></svg></g>\n"));
	}
}

static void names_write(struct html *html, const struct plot *plot, const struct names *names)
{
	html_put(html, HTML("<ul class=names>\n"));
	for (size_t k = 0; k < names->count; k++) {
		const struct plot_line *line = &plot->lines[names->line[k]];
		bool reference = names->line[k] == plot->reference;

		html_put(html, HTML("<li class='"));
		html_put(html, family_class(line, reference));
		html_put(html, member_class(line, reference));
		html_put(html, HTML("' style='top:"));
		html_textf(html, "%.4g%%", names->y[k]);
		html_put(html, HTML("'><svg class=swatch aria-hidden=true><path class=way "
				    "d='M0 6H24'/>"));
		if (!reference) {
			mark_begin(html, line->member);
			html_put(html, HTML(" x=12 y=6 />"));
		}
		html_wrap(html, HTML("</svg>"), reference ? line->alone : line->title,
			HTML("</li>\n"));
	}
	html_put(html, HTML("</ul>\n"));
}

/* --- axes ---------------------------------------------------------------------------------- */

static void values_write(struct html *html, const struct plot *plot, struct axis axis)
{
	int step = axis.shares ? SHARES_STEP : step_of(axis.last - axis.first + 1, DECADES_NAMED);
	char text[PLOT_TEXT_MAX];

	html_put(html, HTML("<div class=values aria-hidden=true>"));
	for (int mark = axis.first; mark <= axis.last; mark += step) {
		double value = mark_value(axis, mark);

		html_put(html, HTML("<span style='top:"));
		html_textf(html, "%.4g%%", y_of(axis, value));
		html_wrap(html, HTML("'>"), plot->text(text, value), HTML("</span>"));
	}
	html_put(html, HTML("</div>\n"));
}

static void sizes_write(struct html *html, const struct plot *plot)
{
	size_t step = (size_t)step_of((int)plot->size_count, SIZES_NAMED);
	char text[PLOT_TEXT_MAX];

	html_put(html, HTML("<div class=along aria-hidden=true>"));
	for (size_t s = 0; s < plot->size_count; s += step) {
		html_put(html, HTML("<span style='left:"));
		html_textf(html, "%.4g%%", x_of(plot, s));
		html_wrap(html, HTML("'>"), plot->size_text(text, plot->sizes[s]), HTML("</span>"));
	}
	html_wrap(html, HTML("</div>\n<div class=axis aria-hidden=true>"), plot->along,
		HTML("</div>\n"));
}

void plot_write(struct html *html, const struct plot *plot)
{
	struct axis axis = axis_of(plot);
	struct names names = names_of(plot, axis);

	html_put(html, HTML("<div class=chart>\n"));
	values_write(html, plot, axis);
	html_wrap(html, HTML("<svg class=plot role=img aria-label='"), plot->label, HTML("'>\n"));
	leads_draw(html, plot, &names);
	lines_draw(html, plot, axis);
	html_put(html, HTML("</svg>\n"));
	names_write(html, plot, &names);
	sizes_write(html, plot);
	html_put(html, HTML("</div>\n"));
}
