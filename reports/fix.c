/* fix.c - the difference from a broken variant to the nearest correct one. */
#define _GNU_SOURCE
#include "fix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nearest.h"
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

static void diff_write(struct html *html, const char *diff)
{
	size_t lines = 0;

	html_put(html, HTML("<pre class=diff tabindex=0 role=region aria-label='The fix as a "
			    "diff'><code>"));
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

void fix_write(struct html *html, const struct report *report, const struct case_view *case_view,
	const struct sources *sources)
{
	json_t *correct;
	struct nearest fix;

	if (case_view->correct || !*sources_text(sources))
		return;
	correct = store_correct_sources(report->store, case_view->run, case_view->scenario);
	fix = nearest_find(sources_path(sources), sources_text(sources), correct);
	if (fix.diff && *fix.diff) {
		html_put(html, HTML("<section aria-labelledby=fix><h2 id=fix>The fix</h2>\n"
				    "<p>From <code>"));
		html_text_upto(html, sources_path(sources), PAGE_WORD_MAX);
		html_put(html, HTML("</code> to the nearest correct variant, <code>"));
		html_text_upto(html, fix.path, PAGE_WORD_MAX);
		html_put(html, HTML("</code>: − removed, + added (head comments omitted).</p>\n"));
		diff_write(html, fix.diff);
		html_put(html, HTML("</section>\n"));
	} else if (!fix.diff && json_array_size(correct)) {
		html_put(html, HTML("<section aria-labelledby=fix><h2 id=fix>The fix</h2>\n<p>It "
				    "could not be "
				    "compared with the correct variants: diff did not run. Install "
				    "diffutils, and render the report again.</p></section>\n"));
	}
	free(fix.diff);
	json_decref(correct);
}
