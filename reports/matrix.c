/* matrix.c - the variants of a scenario x the engines. */
#include "matrix.h"

#include <string.h>

#include "field.h"
#include "text.h"

/*
 * What zero failures in so many executions mean: the coverage, and the message without "clean: ".
 */
static void clean_effort_write(struct html *html, const struct case_view *case_view)
{
	static const char word[] = "clean: ";
	const char *coverage = field_text(case_view->json, "coverage");
	bool calibrated = strncmp(case_view->message, word, strlen(word)) == 0;

	html_put(html, HTML("0 of "));
	html_number(html, case_view->executions);
	if (*coverage || calibrated)
		html_put(html, HTML(": "));
	html_text_upto(html, coverage, 120);
	if (*coverage && calibrated)
		html_put(html, HTML("; "));
	if (calibrated)
		html_text_upto(html, case_view->message + strlen(word), 120);
}

/* What a cell says below its word: how soon and how often, or out of how many. */
static void effort_write(struct html *html, const struct case_view *case_view)
{
	html_put(html, HTML("<small>"));
	if (is(case_view->outcome, "skipped")) {
		html_text_upto(html, case_view->message, 80);
	} else if (!is(case_view->verdict, "clean")) {
		html_text_upto(html, case_view->verdict, 40);
		if (case_view->first >= 0) {
			html_put(html, HTML(", first in execution "));
			html_number(html, case_view->first);
		}
		if (case_view->failures > 0) {
			html_put(html, HTML("; "));
			html_number(html, case_view->failures);
			html_put(html, HTML(" of "));
			html_number(html, case_view->executions);
		} else if (case_view->executions > 0) { /* TSan saw it, and no check failed */
			html_put(html, HTML(" in "));
			html_number(html, case_view->executions);
		}
	} else {
		clean_effort_write(html, case_view);
	}
	html_put(html, HTML("</small>"));
}

/* On a narrow screen rows are blocks, and each cell names its engine. */
static void cell_write(struct html *html, const struct case_view *case_view)
{
	char name[PAGE_NAME_MAX];

	html_wrap(html, HTML("<td><i>"), case_view->engine, HTML("</i>"));
	if (case_view_has_page(case_view)) {
		page_name(name, case_view->scenario, case_view->variant, case_view->engine);
		html_wrap(html, HTML("<a href='"), name, HTML("'>"));
		outcome_write(html, case_view->outcome);
		html_put(html, HTML("</a>"));
	} else {
		outcome_write(html, case_view->outcome);
	}
	effort_write(html, case_view);
	html_put(html, HTML("</td>"));
}

static void cells_write(struct html *html, const struct report *report, size_t from, size_t to,
	const struct engines *engines)
{
	for (unsigned e = 0; e < engines->count; e++) {
		size_t i = from;

		while (i < to && !is(report->cases[i].engine, engines->names[e]))
			i++;
		if (i < to)
			cell_write(html, &report->cases[i]);
		else
			html_put(html, HTML("<td>"));
	}
}

static void row_write(struct html *html, const struct report *report, size_t from, size_t to,
	const struct engines *engines, bool linked)
{
	const struct case_view *first = &report->cases[from];
	char id[PAGE_NAME_MAX];

	html_put(html, HTML("<tr><th scope=row>"));
	if (linked)
		html_wrap(html, HTML("<a href='#v-"), name_id(id, first->variant), HTML("'>"));
	html_text_upto(html, first->variant, PAGE_WORD_MAX);
	html_put(html, linked ? HTML("</a>") : HTML(""));
	html_put(html, HTML("<small>"));
	html_text_upto(html, field_text(first->json, "summary"), 120);
	html_put(html, HTML("</small>"));
	cells_write(html, report, from, to, engines);
	html_put(html, HTML("\n"));
}

void matrix_write(struct html *html, const struct report *report, size_t from, size_t to,
	const struct engines *engines, bool linked)
{
	html_put(html, HTML("<table class=matrix><thead><tr><th scope=col>Variant</th>"));
	engines_heads_write(html, engines);
	html_put(html, HTML("<tbody>\n"));
	for (size_t i = from, end; i < to; i = end) {
		end = variant_end(report, i);
		row_write(html, report, i, end, engines, linked);
	}
	html_put(html, HTML("</table>\n"));
}
