/* kinds.c - which engine sees which kind of bug. */
#define _GNU_SOURCE
#include "kinds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "field.h"
#include "kind.h"
#include "text.h"

enum { KINDS_MAX = 32 };

/* The cases of one engine whose broken variants declare one kind. */
struct detection {
	unsigned all, caught, blind, unseen, wrong, alarms;
	unsigned as; /* kinds of their verdicts: TSan sees a lost update as a race */
};

struct detections {
	struct detection at[KINDS_MAX][ENGINES_MAX];
	bool any[KINDS_MAX], some;
};

static void engine_add(struct engines *engines, const char *name)
{
	for (unsigned i = 0; i < engines->count; i++)
		if (is(engines->names[i], name))
			return;
	if (engines->count < ENGINES_MAX)
		engines->names[engines->count++] = name;
}

/* Engines that do not measure the order come first. */
struct engines engines_find(const struct report *report)
{
	struct engines engines = {.count = 0};

	for (int measured = 0; measured < 2; measured++)
		for (size_t i = 0; i < report->count; i++)
			if (field_is(report->cases[i].traits, "order", "measured") == measured)
				engine_add(&engines, report->cases[i].engine);
	return engines;
}

void engines_heads_write(struct html *html, const struct engines *engines)
{
	for (unsigned e = 0; e < engines->count; e++)
		html_wrap(html, HTML("<th scope=col>"), engines->names[e], HTML("</th>"));
	html_put(html, HTML("</tr></thead>\n"));
}

/* --- counting ------------------------------------------------------------------------------ */

static unsigned kinds_declared(const struct case_view *case_view)
{
	const json_t *expect = json_object_get(case_view->catalog, "expect");
	unsigned kinds = 0;

	if (kind_parse(field_text(expect, "bug"), &kinds) != 0 &&
		kind_parse(case_view->expected, &kinds) != 0)
		return 0;
	return kinds;
}

static void sight_add(struct detection *detection, const struct case_view *case_view)
{
	unsigned as = 0;

	kind_parse(case_view->verdict, &as);
	detection->all++;
	detection->caught += is(case_view->outcome, "caught");
	detection->blind += is(case_view->outcome, "blind");
	detection->wrong += is(case_view->outcome, "MISSED");
	detection->alarms += is(case_view->outcome, "FALSE ALARM");
	detection->unseen += is(case_view->outcome, "clean"); /* optional, and not seen */
	detection->as |= is(case_view->outcome, "caught") ? as : 0;
}

static void detections_count(
	struct detections *detections, const struct report *report, const struct engines *engines)
{
	for (size_t i = 0; i < report->count; i++) {
		const struct case_view *case_view = &report->cases[i];
		unsigned kinds = case_view->correct || is(case_view->outcome, "skipped")
					 ? 0
					 : kinds_declared(case_view);

		for (unsigned k = 0; k < KINDS_MAX; k++)
			for (unsigned e = 0; kinds >> k & 1 && e < engines->count; e++) {
				if (!is(case_view->engine, engines->names[e]))
					continue;
				sight_add(&detections->at[k][e], case_view);
				detections->some = detections->any[k] = true;
			}
	}
}

/* --- words --------------------------------------------------------------------------------- */

static void count_print(FILE *out, unsigned count, const char *what)
{
	if (count)
		fprintf(out, ", %u %s", count, what);
}

/* "3 of 4 caught, 1 blind"; to be freed. */
static char *detection_text(const struct detection *detection)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	if (detection->all)
		fprintf(out, "%u of %u caught", detection->caught, detection->all);
	else
		fputs("not run", out);
	count_print(out, detection->blind, "blind");
	count_print(out, detection->unseen, "optional (not seen)");
	count_print(out, detection->wrong, "MISSED");
	count_print(out, detection->alarms, "FALSE ALARM");
	fclose(out);
	return text;
}

/* The glyph before the words of sight_text. */
static struct html_markup sight_glyph(const struct detection *detection)
{
	if (detection->wrong || detection->alarms)
		return outcome_glyph("MISSED");
	if (detection->caught == detection->all)
		return outcome_glyph("caught");
	return outcome_glyph(detection->caught || detection->blind ? "blind" : "clean");
}

static void detection_write(struct html *html, const struct detection *detection, unsigned kind)
{
	char names[256], *text = detection_text(detection);

	if (!detection->all) {
		html_wrap(html, HTML("<td><span class=effort>"), text, HTML("</span></td>"));
		free(text);
		return;
	}
	html_put(html, HTML("<td>"));
	html_put(html, sight_glyph(detection));
	html_put(html, HTML(" "));
	html_text(html, text);
	if (detection->as & ~kind) {
		html_put(html, HTML("<span class=effort>as "));
		html_text(html, kind_names(detection->as, names, sizeof names));
		html_put(html, HTML("</span>"));
	}
	html_put(html, HTML("</td>"));
	free(text);
}

/* --- the index's section, and the file ----------------------------------------------------- */

void kinds_section_write(
	struct html *html, const struct report *report, const struct engines *engines)
{
	struct detections detections = {.some = false};

	detections_count(&detections, report, engines);
	if (!detections.some)
		return;
	html_put(html,
		HTML("<section aria-labelledby=h-sight><h2 id=h-sight>Which engine sees which "
		     "bug</h2>\n"));
	scroll_begin(html, "Which engine sees which bug, scrollable");
	html_put(
		html, HTML("<table><caption>Broken variants by the bug that they declare; one with "
			   "two kinds counts in both. Blind: the variant declares that the engine "
			   "cannot see the bug.</caption>\n<thead><tr><th scope=col>Bug</th>"));
	engines_heads_write(html, engines);
	html_put(html, HTML("<tbody>\n"));
	for (unsigned k = 0; k < KINDS_MAX; k++) {
		if (!detections.any[k])
			continue;
		html_wrap(html, HTML("<tr><th scope=row class=nowrap>"), kind_name(1u << k),
			HTML("</th>"));
		for (unsigned e = 0; e < engines->count; e++)
			detection_write(html, &detections.at[k][e], 1u << k);
		html_put(html, HTML("</tr>\n"));
	}
	html_put(html, HTML("</tbody></table>\n"));
	scroll_end(html);
	html_put(html, HTML("</section>\n"));
}

static void row_write(struct html *html, unsigned kind, const struct detection *row,
	const struct engines *engines)
{
	html_wrap(html, HTML("| "), kind_name(kind), HTML(" |"));
	for (unsigned e = 0; e < engines->count; e++) {
		char *text = detection_text(&row[e]);

		html_wrap(html, HTML(" "), text, HTML(" |"));
		free(text);
	}
	html_put(html, HTML("\n"));
}

/* HTML escapes are valid in Markdown, and only the engines' names are not our own text. */
int kinds_write(const struct report *report)
{
	struct html *file = html_open(report->folder, "kinds.md");
	struct engines engines = engines_find(report);
	struct detections detections = {.some = false};

	detections_count(&detections, report, &engines);
	html_put(file, HTML("| bug |"));
	for (unsigned e = 0; e < engines.count; e++)
		html_wrap(file, HTML(" "), engines.names[e], HTML(" |"));
	html_put(file, HTML("\n| --- |"));
	for (unsigned e = 0; e < engines.count; e++)
		html_put(file, HTML(" --- |"));
	html_put(file, HTML("\n"));
	for (unsigned k = 0; k < KINDS_MAX; k++)
		if (detections.any[k])
			row_write(file, 1u << k, detections.at[k], &engines);
	return html_close(file);
}
