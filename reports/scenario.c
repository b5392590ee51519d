/* scenario.c - the page of a scenario. */
#define _GNU_SOURCE
#include "scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "field.h"
#include "fix.h"
#include "kinds.h"
#include "matrix.h"
#include "source.h"
#include "text.h"

/* A page is at most about 150 KB: nothing is begun beyond this size. */
enum { PAGE_BYTES = 100 * 1024 };

/* The sources of a scenario's folder, as the newest run of one of its cases has them. */
struct folder {
	json_t *all, *correct;
};

static struct folder folder_load(const struct report *report, size_t from, size_t to)
{
	const char *scenario = report->cases[from].scenario;
	int64_t run = 0;

	for (; from < to; from++)
		run = report->cases[from].run > run ? report->cases[from].run : run;
	return (struct folder){store_folder_sources(report->store, run, scenario),
		store_correct_sources(report->store, run, scenario)};
}

static void folder_free(struct folder *folder)
{
	json_decref(folder->all);
	json_decref(folder->correct);
}

/* A source of the folder by its name without the extension; NULL if it is not there. */
static const json_t *source_named(const struct folder *folder, const char *name, const char *end)
{
	const json_t *source;
	size_t i;

	json_array_foreach(folder->all, i, source) {
		const char *path = field_text(source, "path"), *slash = strrchr(path, '/');
		size_t length = strlen(name);

		if (slash && strncmp(slash + 1, name, length) == 0 && is(slash + 1 + length, end))
			return source;
	}
	return NULL;
}

/* --- the header ---------------------------------------------------------------------------- */

static void neighbour_write(struct html *html, struct html_markup before, const char *scenario)
{
	char page[PAGE_NAME_MAX];

	html_put(html, before);
	html_wrap(html, HTML("<a href='"), scenario_page_name(page, scenario), HTML("'>"));
	html_text_upto(html, scenario, PAGE_WORD_MAX);
	html_put(html, HTML("</a>"));
}

/* Where the page is: below the index, between the scenarios before and after it. */
static void way_write(struct html *html, const struct report *report, size_t from, size_t to)
{
	html_put(html, HTML("<nav aria-label=Breadcrumb><p><a href=index.html>All cases</a>"));
	if (from)
		neighbour_write(html, HTML("; before: "), report->cases[from - 1].scenario);
	if (to < report->count)
		neighbour_write(html, HTML("; next: "), report->cases[to].scenario);
	html_put(html, HTML("</p></nav>\n"));
}

/* --- a variant ----------------------------------------------------------------------------- */

static void cases_write(struct html *html, const struct report *report, size_t from, size_t to)
{
	char page[PAGE_NAME_MAX];

	html_put(html, HTML("<p class=note>"));
	for (size_t i = from; i < to; i++) {
		const struct case_view *case_view = &report->cases[i];
		bool linked = case_view_has_page(case_view);

		html_put(html, i > from ? HTML(", ") : HTML(""));
		if (linked)
			html_wrap(html, HTML("<a href='"),
				page_name(page, case_view->scenario, case_view->variant,
					case_view->engine),
				HTML("'>"));
		html_text_upto(html, case_view->engine, PAGE_WORD_MAX);
		html_put(html, HTML(": "));
		outcome_write(html, case_view->outcome);
		html_put(html, linked ? HTML("</a>") : HTML(""));
	}
	html_put(html, HTML("</p>\n"));
}

static void variant_write(struct html *html, const struct report *report, size_t from, size_t to,
	const struct folder *folder)
{
	const struct case_view *first = &report->cases[from];
	const json_t *source = source_named(folder, first->variant, ".c");
	const char *text = field_text(source, "text");
	char id[PAGE_NAME_MAX];

	html_wrap(html, HTML("<section aria-labelledby='v-"), name_id(id, first->variant),
		HTML("'><h2 id='v-"));
	html_wrap(html, HTML(""), id, HTML("'>"));
	html_text_upto(html, first->variant, PAGE_WORD_MAX);
	html_put(html, HTML("</h2>\n"));
	cases_write(html, report, from, to);
	comment_write(html, field_text(source, "path"), text);
	if (*field_text(first->json, "refs")) {
		html_put(html, HTML("<p class=note>See "));
		html_text_upto(html, field_text(first->json, "refs"), PAGE_TEXT_MAX);
		html_put(html, HTML("</p>\n"));
	}
	if (!first->correct)
		fix_details_write(html, field_text(source, "path"), text, folder->correct);
	html_put(html, HTML("</section>\n"));
}

/* Write the broken variants, in which the lesson is, or the correct ones; returns their number. */
static size_t variants_write(struct html *html, const struct report *report, size_t from, size_t to,
	const struct folder *folder, bool correct)
{
	size_t count = 0;

	for (size_t i = from, end; i < to && html_size(html) < PAGE_BYTES; i = end) {
		end = variant_end(report, i);
		if (report->cases[i].correct != correct)
			continue;
		variant_write(html, report, i, end, folder);
		count++;
	}
	return count;
}

static size_t variants_count(const struct report *report, size_t from, size_t to)
{
	size_t count = 0;

	for (; from < to; from = variant_end(report, from))
		count++;
	return count;
}

/* What all variants share: the comment of "common.h - a bank ...", without the file's name. */
static void about_write(struct html *html, const json_t *common)
{
	static const char before[] = "common.h - ";
	const char *text = field_text(common, "text"), *name = strstr(text, before);
	char *comment;

	if (!name)
		return;
	comment = format("/* %s", name + strlen(before));
	comment_write(html, field_text(common, "path"), comment);
	free(comment);
}

/* --- the page ------------------------------------------------------------------------------ */

static void page_write(struct html *html, const struct report *report, size_t from, size_t to,
	const struct folder *folder)
{
	struct engines engines = engines_find(report);
	size_t shown;

	html_put(html, HTML("<header>"));
	way_write(html, report, from, to);
	html_put(html, HTML("<h1>"));
	html_text_upto(html, report->cases[from].scenario, PAGE_WORD_MAX);
	html_put(html, HTML("</h1></header>\n<main>\n"));
	about_write(html, source_named(folder, "common", ".h"));
	matrix_write(html, report, from, to, &engines, true);
	shown = variants_write(html, report, from, to, folder, false);
	shown += variants_write(html, report, from, to, folder, true);
	showing_write(html, shown, variants_count(report, from, to), HTML("variants"));
	html_put(html, HTML("</main>\n"));
}

int scenario_write(const struct report *report, size_t from)
{
	const char *scenario = report->cases[from].scenario;
	size_t to = scenario_end(report, from);
	struct folder folder = folder_load(report, from, to);
	char name[PAGE_NAME_MAX], *title = format("%.64s: its variants", scenario);
	struct html *html = html_open(report->folder, scenario_page_name(name, scenario));

	html_begin(html, title, HTML_NO_SCRIPT);
	page_write(html, report, from, to, &folder);
	html_end(html);
	folder_free(&folder);
	free(title);
	return html_close(html);
}
