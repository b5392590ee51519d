/* fix.c - the difference from a broken variant to the nearest correct one. */
#define _GNU_SOURCE
#include "fix.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diff.h"
#include "field.h"
#include "text.h"

enum { DIFF_LINES_MAX = 300 };

/*
 * A source without its head comment, which differs in each variant; `*lines` receives its length.
 */
static const char *code_of(const char *text, int64_t *lines)
{
	const char *end = strncmp(text, "/*", 2) == 0 ? strstr(text, "*/\n") : NULL;

	*lines = 0;
	if (!end)
		return text;
	end += strlen("*/\n");
	for (; text < end; text++)
		*lines += *text == '\n';
	return end;
}

static struct fix fix_find(const char *path, const char *text, json_t *correct)
{
	struct fix fix = {.correct = correct};
	size_t i, changed, least = SIZE_MAX;
	int64_t before, after;
	const char *code = code_of(text, &before);
	const json_t *json;

	json_array_foreach(correct, i, json) {
		const char *name = field_text(json, "path");
		const char *other = code_of(field_text(json, "text"), &after);
		char *diff;

		if (is(name, path))
			continue;
		diff = diff_unified(path, code, name, other, &changed);
		if (changed >= least) {
			free(diff);
			continue;
		}
		least = changed;
		free(fix.diff);
		fix = (struct fix){correct, diff, name, before, after};
	}
	return fix;
}

/*
 * "@@ -3,7 +3,8 @@" counts lines from the start of the code; write the line numbers of the files.
 */
static void hunk_write(struct html *html, const char *line, const struct fix *fix)
{
	long from = 0, from_lines = 1, to = 0, to_lines = 1;
	const char *plus = strchr(line, '+');

	sscanf(line, "@@ -%ld,%ld", &from, &from_lines);
	if (plus)
		sscanf(plus, "+%ld,%ld", &to, &to_lines);
	html_put(html, HTML("<span class=hunk>"));
	html_textf(html, "@@ -%" PRId64 ",%ld +%" PRId64 ",%ld @@", from + fix->before, from_lines,
		to + fix->after, to_lines);
	html_put(html, HTML("</span>\n"));
}

static void diff_line_write(
	struct html *html, const char *line, size_t length, const struct fix *fix)
{
	struct html_markup before = HTML(""), after = HTML("\n");
	char *copy;

	if (*line == '@') {
		hunk_write(html, line, fix);
		return;
	}
	if (*line == '+') {
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

static void diff_write(struct html *html, const char *path, const struct fix *fix)
{
	const char *diff = fix->diff;
	size_t lines = 0;

	html_put(html, HTML("<pre class=diff tabindex=0 role=region aria-label='The fix of "));
	html_text_upto(html, file_name(path), PAGE_WORD_MAX);
	html_put(html, HTML(" as a diff'><code>"));
	for (; *diff; diff += *diff == '\n', lines++) {
		size_t length = strcspn(diff, "\n");

		/* Skip the names above the first hunk: the sentence has them. */
		if (lines >= 2 && lines < DIFF_LINES_MAX + 2)
			diff_line_write(
				html, diff, length < PAGE_TEXT_MAX ? length : PAGE_TEXT_MAX, fix);
		diff += length;
	}
	html_put(html, HTML("</code></pre>\n"));
	showing_write(html, DIFF_LINES_MAX, lines - 2, HTML("lines"));
}

bool fix_has(const struct fix *fix)
{
	return fix->diff && *fix->diff;
}

void fix_details_write(struct html *html, const char *path, const char *text, json_t *correct)
{
	struct fix fix = fix_find(path, text, correct);

	if (fix_has(&fix)) {
		html_put(html, HTML("<details><summary>The fix: what differs in "));
		html_text_upto(html, file_name(fix.path), PAGE_WORD_MAX);
		html_put(html, HTML("</summary>\n"));
		diff_write(html, path, &fix);
		html_put(html, HTML("</details>\n"));
	}
	free(fix.diff);
}

struct fix fix_load(const struct report *report, const struct case_view *case_view,
	const struct sources *sources)
{
	if (case_view->correct || !*sources_text(sources))
		return (struct fix){.diff = NULL};
	return fix_find(sources_path(sources), sources_text(sources),
		store_correct_sources(report->store, case_view->run, case_view->scenario));
}

void fix_free(struct fix *fix)
{
	free(fix->diff);
	json_decref(fix->correct);
}

void fix_write(struct html *html, const struct fix *fix, const struct sources *sources)
{
	if (fix_has(fix)) {
		fold_begin(html, HTML("fix"), HTML("The fix"), file_name(fix->path), false);
		html_put(html, HTML("<p>From <code>"));
		html_text_upto(html, sources_path(sources), PAGE_WORD_MAX);
		html_put(html, HTML("</code> to the nearest correct variant, <code>"));
		html_text_upto(html, fix->path, PAGE_WORD_MAX);
		html_put(html, HTML("</code>: − removed, + added (head comments omitted).</p>\n"
				    "<div id=twin>"));
		diff_write(html, sources_path(sources), fix);
		html_put(html, HTML("</div>\n"));
		fold_end(html);
	}
}
