/*
 * detection_page.c - who sees what, how fast: results of snarl bench detection.
 *
 * A column is an engine with one setting. The table has a row per variant; the drawings have the
 * share of all runs that had seen their bug by a time.
 */
#include "detection_page.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "chart.h"
#include "detection.h"
#include "exit.h"
#include "field.h"
#include "plot.h"
#include "text.h"

enum {
	COLUMNS_MAX = 32,
	TIMES = 14,	 /* on the axis: 1, 2, 4, ... ms */
	COLOURS = 4,	 /* that plot.h distinguishes */
	SHARES_MAX = 64, /* different results, each with its interval */
};

static const double LEAST_S = 0.001, Z = 1.96;

/* An engine with a setting. */
struct column {
	const char *engine, *setting;
	unsigned bugs, bugs_seen, runs, seen, by[TIMES]; /* by: seen by that time */
};

struct page {
	const json_t *cells;
	size_t column_count;
	struct column columns[COLUMNS_MAX];
};

static bool is_none(const char *setting)
{
	return is(setting, "none");
}

static const char *setting_words(const char *setting)
{
	return is_none(setting) ? "no injection" : setting;
}

static struct column *column_of(struct page *page, const struct detection *one)
{
	size_t i = 0;

	while (i < page->column_count && !(is(page->columns[i].engine, one->engine) &&
						 is(page->columns[i].setting, one->setting)))
		i++;
	if (i == COLUMNS_MAX)
		return NULL;
	if (i == page->column_count) {
		page->columns[i].engine = one->engine;
		page->columns[i].setting = one->setting;
		page->column_count++;
	}
	return &page->columns[i];
}

/* Count the runs that had seen the bug by each time on the axis. */
static void times_add(struct column *column, const json_t *times)
{
	const json_t *time;
	size_t i;

	json_array_foreach(times, i, time) {
		for (int at = 0; at < TIMES; at++)
			column->by[at] += json_is_number(time) &&
					  json_number_value(time) <= LEAST_S * (1 << at);
	}
}

/* Columns of one engine stand together, in the order of their first results. */
static int column_compare(const void *left, const void *right)
{
	const struct column *a = left, *b = right;
	int order = strcmp(a->engine, b->engine);

	if (!order)
		order = is_none(b->setting) - is_none(a->setting);
	return order ? order : strcmp(a->setting, b->setting);
}

static struct page page_read(const json_t *detection)
{
	struct page page = {.cells = field_array(detection, "cells")};
	const json_t *cell;
	size_t i;

	json_array_foreach(page.cells, i, cell) {
		struct detection one = detection_of(cell);
		struct column *column = column_of(&page, &one);

		if (!column || *one.skipped)
			continue;
		column->bugs++;
		column->bugs_seen += one.seen > 0;
		column->runs += one.runs;
		column->seen += one.seen;
		times_add(column, field_array(cell, "times"));
	}
	qsort(page.columns, page.column_count, sizeof *page.columns, column_compare);
	return page;
}

/* --- drawings ------------------------------------------------------------------------------ */

static const char *share_text(char buffer[static PLOT_TEXT_MAX], double share)
{
	snprintf(buffer, PLOT_TEXT_MAX, "%.0f %%", 100 * share);
	return buffer;
}

static const char *seconds_text(char buffer[static PLOT_TEXT_MAX], double seconds)
{
	if (seconds < 1)
		snprintf(buffer, PLOT_TEXT_MAX, "%.0f ms", 1000 * seconds);
	else
		snprintf(buffer, PLOT_TEXT_MAX, "%.0f s", seconds);
	return buffer;
}

static void line_add(struct plot *plot, const struct column *column, const char *title)
{
	struct plot_line *line = &plot->lines[plot->line_count];

	line->title = title;
	/* Neither two colours nor two dashes are the same among few lines. */
	line->family = (unsigned)plot->line_count % COLOURS;
	line->member = line->family + (unsigned)plot->line_count / COLOURS;
	for (int at = 0; at < TIMES; at++) {
		struct interval interval = wilson(column->by[at], column->runs, Z);

		line->at[at] = (struct spread){
			interval.low, (double)column->by[at] / column->runs, interval.high};
	}
	plot->line_count++;
}

/* Draw the columns of an engine by setting, or those without injection by engine: NULL. */
static void curves_draw(struct html *html, const struct page *page, const char *engine)
{
	struct plot *plot = calloc(1, sizeof *plot);

	if (!plot)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	*plot = (struct plot){.label =
				      "Share of runs that had seen their bug, by time: the figures "
				      "are in the tables below",
		.along = "time since the start",
		.shares = true,
		.text = share_text,
		.size_text = seconds_text,
		.size_count = TIMES,
		.family = PLOT_ALL,
		.reference = PLOT_LINES_MAX};
	for (int at = 0; at < TIMES; at++)
		plot->sizes[at] = LEAST_S * (1 << at);
	for (size_t i = 0; i < page->column_count && plot->line_count < PLOT_LINES_MAX; i++) {
		const struct column *column = &page->columns[i];

		if (column->runs &&
			(engine ? is(column->engine, engine) : is_none(column->setting)))
			line_add(plot, column,
				engine ? setting_words(column->setting) : column->engine);
	}
	if (plot->line_count > (engine != NULL)) {
		html_wrap(html, HTML("<figure><figcaption>"), engine ? engine : "without injection",
			HTML("</figcaption>\n"));
		plot_write(html, plot);
		html_put(html, HTML("</figure>\n"));
	}
	free(plot);
}

static void curves_write(struct html *html, const struct page *page)
{
	html_put(html,
		HTML("<section aria-labelledby=h-curves><h2 id=h-curves>How fast</h2>\n"
		     "<p>The share of all runs that had seen their bug by a time. Bars are 95 % "
		     "intervals (Wilson's, over runs).</p>\n<div class=plots>\n"));
	curves_draw(html, page, NULL);
	for (size_t i = 0; i < page->column_count; i++)
		if (!i || !is(page->columns[i].engine, page->columns[i - 1].engine))
			curves_draw(html, page, page->columns[i].engine);
	html_put(html, HTML("</div></section>\n"));
}

/* --- tables -------------------------------------------------------------------------------- */

static void summary_row(struct html *html, const struct column *column)
{
	struct interval interval = wilson(column->seen, column->runs, Z);
	double share = column->runs ? (double)column->seen / column->runs : 0;

	html_wrap(html, HTML("<tr><th scope=row>"), column->engine, HTML("</th><td>"));
	html_text(html, setting_words(column->setting));
	html_put(html, HTML("</td><td class=n>"));
	html_textf(html, "%u of %u", column->bugs_seen, column->bugs);
	html_put(html, HTML("</td><td class=n>"));
	html_textf(html, "%u of %u", column->seen, column->runs);
	html_put(html, HTML("</td><td class=n>"));
	html_share(html, share);
	html_put(html, HTML("</td><td class=n>"));
	html_textf(html, "%.0f to %.0f %%", 100 * interval.low, 100 * interval.high);
	html_put(html, HTML("</td><td>"));
	chart_interval(html, interval, share, 1);
	html_put(html, HTML("</td></tr>\n"));
}

static void summary_write(struct html *html, const struct page *page)
{
	html_put(html, HTML("<section aria-labelledby=h-sum><h2 id=h-sum>Engines</h2>\n"));
	scroll_begin(html, "What each engine saw, scrollable");
	html_put(html, HTML("<table><caption>All bugs that were tried with an engine and a "
			    "setting.</caption><thead><tr><th scope=col>Engine</th>"
			    "<th scope=col>Setting</th><th scope=col class=n>Bugs seen at all</th>"
			    "<th scope=col class=n>Runs that saw theirs</th>"
			    "<th scope=col class=n>Share</th><th scope=col class=n>95 %</th>"
			    "<th scope=col>Interval</th></tr></thead><tbody>\n"));
	for (size_t i = 0; i < page->column_count; i++)
		if (page->columns[i].runs)
			summary_row(html, &page->columns[i]);
	html_put(html, HTML("</tbody></table>\n"));
	scroll_end(html);
	html_put(html, HTML("</section>\n"));
}

/* The cell of a variant in a column; NULL: it was not tried. */
static const json_t *cell_find(
	const struct page *page, const struct detection *row, const struct column *column)
{
	const json_t *cell;
	size_t i;

	json_array_foreach(page->cells, i, cell) {
		if (is(field_text(cell, "variant"), row->variant) &&
			is(field_text(cell, "scenario"), row->scenario) &&
			is(field_text(cell, "engine"), column->engine) &&
			is(field_text(cell, "setting"), column->setting))
			return cell;
	}
	return NULL;
}

static void cell_write(struct html *html, const json_t *cell)
{
	struct detection one = detection_of(cell);
	char time[16];

	html_put(html, one.seen ? HTML("<td class=n>") : HTML("<td class='n note'>"));
	if (!cell || *one.skipped)
		html_put(html, HTML("–"));
	else
		html_textf(html, "%u/%u %s", one.seen, one.runs,
			one.seen ? detection_time(time, one.median_s) : "");
	html_put(html, HTML("</td>"));
}

/* The variant's name; a link if explore has a page of it. */
static void variant_write(
	struct html *html, const struct report *report, const struct detection *row)
{
	char name[PAGE_NAME_MAX];
	bool page = false;

	for (size_t i = 0; i < report->count; i++) {
		const struct case_view *one = &report->cases[i];

		page |= is(one->scenario, row->scenario) && is(one->variant, row->variant) &&
			is(one->engine, "explore") && case_view_has_page(one);
	}
	html_put(html, HTML("<tr><th scope=row>"));
	if (page)
		html_wrap(html, HTML("<a href='"),
			page_name(name, row->scenario, row->variant, "explore"), HTML("'>"));
	html_textf(html, "%s/%s", row->scenario, row->variant);
	html_put(html, page ? HTML("</a></th>") : HTML("</th>"));
}

static void headings_write(struct html *html, const struct page *page)
{
	html_put(html, HTML("<thead><tr><th scope=col>Bug</th>"));
	for (size_t i = 0; i < page->column_count; i++) {
		html_wrap(html, HTML("<th scope=col class=n>"), page->columns[i].engine,
			HTML("<br>"));
		html_text(html, setting_words(page->columns[i].setting));
		html_put(html, HTML("</th>"));
	}
	html_put(html, HTML("</tr></thead><tbody>\n"));
}

/* Whether an earlier cell is of the same variant, whose row is written already. */
static bool row_written(const struct page *page, size_t at, const struct detection *row)
{
	for (size_t i = 0; i < at; i++) {
		const json_t *cell = json_array_get(page->cells, i);

		if (is(field_text(cell, "variant"), row->variant) &&
			is(field_text(cell, "scenario"), row->scenario))
			return true;
	}
	return false;
}

static void bugs_write(struct html *html, const struct report *report, const struct page *page)
{
	html_put(html, HTML("<section aria-labelledby=h-bugs><h2 id=h-bugs>Which engine sees which "
			    "bug</h2>\n"));
	scroll_begin(html, "Each bug by engine, scrollable");
	html_put(html,
		HTML("<table><caption>In how many runs the bug was seen, and the median time from "
		     "the start of these runs until it was. –: not tried, because the engine "
		     "cannot run the variant, or because no rule of the profile names a point in "
		     "it.</caption>"));
	headings_write(html, page);
	for (size_t i = 0; i < json_array_size(page->cells); i++) {
		struct detection row = detection_of(json_array_get(page->cells, i));

		if (row_written(page, i, &row))
			continue;
		variant_write(html, report, &row);
		for (size_t k = 0; k < page->column_count; k++)
			cell_write(html, cell_find(page, &row, &page->columns[k]));
		html_put(html, HTML("</tr>\n"));
	}
	html_put(html, HTML("</tbody></table>\n"));
	scroll_end(html);
	html_put(html, HTML("</section>\n"));
}

/* What each count of runs says about the chance: there are only a few different ones. */
static void intervals_write(struct html *html, const struct page *page)
{
	struct {
		unsigned seen, runs;
	} written[SHARES_MAX];
	size_t count = 0;
	const json_t *cell;
	size_t i, k;

	html_put(
		html, HTML("<p>What so few runs say about the chance that a run sees the bug, with "
			   "95 % confidence: "));
	json_array_foreach(page->cells, i, cell) {
		struct detection one = detection_of(cell);
		struct interval interval = wilson(one.seen, one.runs, Z);

		for (k = 0; k < count; k++)
			if (written[k].seen == one.seen && written[k].runs == one.runs)
				break;
		if (k < count || count == SHARES_MAX || *one.skipped || !one.runs)
			continue;
		written[count].seen = one.seen;
		written[count].runs = one.runs;
		html_textf(html, "%s%u/%u is %.0f to %.0f %%", count ? ", " : "", one.seen,
			one.runs, 100 * interval.low, 100 * interval.high);
		count++;
	}
	html_put(html, HTML(".</p>\n"));
}

static void how_write(struct html *html, const struct report *report, const struct page *page)
{
	html_put(html,
		HTML("<section aria-labelledby=h-how><h2 id=h-how>What was measured</h2>\n<p>"
		     "Each bug was run several times with each engine and each setting, each time "
		     "in a new process with another seed, until the bug was seen or the time was "
		     "up. Only what the variant declares counts as its bug. The time includes the "
		     "start of the process, and, for a standstill, the time until it counts as "
		     "one. A foreign detector counts with its own reports alone: it runs the "
		     "scenario's actors on plain threads, over and over, without injection. Its "
		     "time includes 30 ms for further reports of the same moment, of which one "
		     "may be the declared race; DRD names only one side of a race, so its races "
		     "count wherever they are.</p>\n"));
	intervals_write(html, page);
	html_put(html,
		HTML("</section>\n<section aria-labelledby=h-env><h2 id=h-env>Machine</h2>\n"));
	environment_write(html, json_object_get(report->detection, "environment"));
	html_put(html, HTML("</section>\n"));
}

int detection_page_write(const struct report *report)
{
	struct html *html = html_open(report->folder, "detection.html");
	struct page page = page_read(report->detection);

	html_begin(html, "snarl: which engine sees which bug, and how soon", HTML_NO_SCRIPT);
	html_put(html, HTML("<header><p class=note><a href='index.html'>All cases</a></p>\n"
			    "<h1>Which engine sees which bug, and how soon</h1>\n"));
	plot_marks_define(html);
	html_put(html, HTML("</header>\n<main>\n"));
	summary_write(html, &page);
	curves_write(html, &page);
	bugs_write(html, report, &page);
	how_write(html, report, &page);
	html_put(html, HTML("</main>\n"));
	html_end(html);
	return html_close(html);
}

void detection_link_write(struct html *html, const struct report *report)
{
	html_put(html, HTML("<section aria-labelledby=h-detect><h2 id=h-detect>Which engine sees "
			    "which bug, and how soon</h2>\n"
			    "<p><a href='detection.html'>Measured on this machine</a>, "));
	html_text_upto(html, field_text(report->detection, "began"), PAGE_WORD_MAX);
	html_put(html, HTML(": in how many runs each engine sees each bug, without injection and "
			    "with each profile, and how soon.</p></section>\n"));
}
