/* fix.c - the difference from a broken variant to the nearest correct one. */
#define _GNU_SOURCE
#include "fix.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

enum { DIFF_LINES_MAX = 300 };

static void diff_line_write(struct html *html, const char *line, size_t length)
{
	struct html_markup before = HTML(""), after = HTML("\n");
	char *copy;

	if (*line == '@') {
		before = HTML("<span class=hunk>");
		after = HTML("</span>\n");
	} else if (*line == '+') {
		before = HTML("<ins>");
		after = HTML("</ins>\n");
	} else if (*line == '-') {
		before = HTML("<del>");
		after = HTML("</del>\n");
	}
	copy = format("%.*s", (int)length, line);
	html_put(html, before);
	html_text_upto(html, copy, PAGE_WORD_MAX);
	html_put(html, after);
	free(copy);
}

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void diff_write(struct html *html, const char *path, const char *diff)
{
	size_t lines = 0;

	html_put(html, HTML("<pre class=diff tabindex=0 role=region aria-label='The fix of "));
	html_text_upto(html, file_name(path), PAGE_WORD_MAX);
	html_put(html, HTML(" as a diff'><code>"));
	for (; *diff; diff += *diff == '\n', lines++) {
		size_t length = strcspn(diff, "\n");

		/* Skip the names above the first hunk: the sentence has them. */
		if (lines >= 2 && lines < DIFF_LINES_MAX + 2)
			diff_line_write(
				html, diff, length < PAGE_TEXT_MAX ? length : PAGE_TEXT_MAX);
		diff += length;
	}
	html_put(html, HTML("</code></pre>\n"));
	showing_write(html, DIFF_LINES_MAX, lines - 2, HTML("lines"));
}

void fix_details_write(struct html *html, const char *path, const char *text, const json_t *correct)
{
	struct nearest nearest = nearest_find(path, text, correct);

	if (nearest.diff && *nearest.diff) {
		html_put(html, HTML("<details><summary>The fix: what differs in "));
		html_text_upto(html, file_name(nearest.path), PAGE_WORD_MAX);
		html_put(html, HTML("</summary>\n"));
		diff_write(html, path, nearest.diff);
		html_put(html, HTML("</details>\n"));
	}
	free(nearest.diff);
}

struct fix fix_load(const struct report *report, const struct case_view *case_view,
	const struct sources *sources)
{
	struct fix fix = {0};

	if (case_view->correct || !*sources_text(sources))
		return fix;
	fix.correct = store_correct_sources(report->store, case_view->run, case_view->scenario);
	fix.nearest = nearest_find(sources_path(sources), sources_text(sources), fix.correct);
	return fix;
}

void fix_free(struct fix *fix)
{
	free(fix->nearest.diff);
	json_decref(fix->correct);
}

bool fix_has(const struct fix *fix)
{
	return fix->nearest.diff && *fix->nearest.diff;
}

void fix_write(struct html *html, const struct fix *fix, const struct sources *sources)
{
	if (!fix_has(fix))
		return;
	fold_begin(html, HTML("fix"), HTML("The fix"), file_name(fix->nearest.path), false);
	html_put(html, HTML("<p>From <code>"));
	html_text_upto(html, sources_path(sources), PAGE_WORD_MAX);
	html_put(html, HTML("</code> to the nearest correct variant, <code>"));
	html_text_upto(html, fix->nearest.path, PAGE_WORD_MAX);
	html_put(html, HTML("</code>: − removed, + added (head comments omitted).</p>\n"
			    "<div id=twin>"));
	diff_write(html, sources_path(sources), fix->nearest.diff);
	html_put(html, HTML("</div>\n"));
	fold_end(html);
}
