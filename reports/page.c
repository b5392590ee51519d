/* page.c - what the index and the pages of one rendering share. */
#include "page.h"

#include <stdlib.h>
#include <ctype.h>
#include <string.h>

#include "field.h"

bool case_view_has_page(const struct case_view *case_view)
{
	return strcmp(case_view->verdict, "clean") != 0 ||
	       strcmp(case_view->outcome, "MISSED") == 0 ||
	       strcmp(case_view->outcome, "FALSE ALARM") == 0;
}

const json_t *report_run(const struct report *report, int64_t run)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(report->runs, i, entry)
		if (field_integer(entry, "run", 0) == run)
			return entry;
	return NULL;
}

static const struct look {
	const char *outcome;
	struct html_markup glyph, class;
} style[] = {
	{"caught", HTML("✓"), HTML("caught")}, {"clean", HTML("○"), HTML("clean")},
	{"blind", HTML("◐"), HTML("blind")}, {"MISSED", HTML("✗"), HTML("bad")},
	{"FALSE ALARM", HTML("▲"), HTML("bad")}, {"skipped", HTML("–"), HTML("skipped")},
	{"ERROR", HTML("✗"), HTML("bad")}, {"FOUND", HTML("✗"), HTML("bad")},
	{"nothing found", HTML("○"), HTML("clean")},
	{"", HTML("?"), HTML("skipped")}, /* a word that a later snarl may have */
};

static const struct look *look_find(const char *outcome)
{
	const struct look *look = style;

	while (*look->outcome && strcmp(look->outcome, outcome) != 0)
		look++;
	return look;
}

struct html_markup outcome_glyph(const char *outcome)
{
	return look_find(outcome)->glyph;
}

struct html_markup outcome_class(const char *outcome)
{
	return look_find(outcome)->class;
}

static void value_write(struct html *html, const json_t *value)
{
	char *text;

	if (json_is_integer(value)) {
		html_number(html, json_integer_value(value));
		return;
	}
	if (json_is_string(value)) {
		html_text_upto(html, json_string_value(value), PAGE_TEXT_MAX);
		return;
	}
	text = json_dumps(value, JSON_ENCODE_ANY);
	html_text_upto(html, text ? text : "", PAGE_TEXT_MAX);
	free(text);
}

void environment_write(struct html *html, const json_t *environment)
{
	void *at = json_object_iter((json_t *)environment);

	if (!at) {
		html_put(html, HTML("<p>Not recorded.</p>\n"));
		return;
	}
	html_put(html, HTML("<dl class=facts>\n"));
	for (; at; at = json_object_iter_next((json_t *)environment, at)) {
		html_put(html, HTML("<div><dt>"));
		html_text_upto(html, json_object_iter_key(at), PAGE_WORD_MAX);
		html_put(html, HTML("</dt><dd>"));
		value_write(html, json_object_iter_value(at));
		html_put(html, HTML("</dd></div>\n"));
	}
	html_put(html, HTML("</dl>\n"));
}

void showing_write(struct html *html, size_t case_view, size_t all, struct html_markup things)
{
	if (case_view >= all)
		return;
	html_put(html, HTML("<p class=note>Showing "));
	html_number(html, (int64_t)case_view);
	html_put(html, HTML(" of "));
	html_number(html, (int64_t)all);
	html_put(html, HTML(" "));
	html_put(html, things);
	html_put(html, HTML(".</p>\n"));
}

void scroll_begin(struct html *html, const char *label)
{
	html_wrap(html, HTML("<div class=scroll tabindex=0 role=region aria-label='"), label,
		HTML("'>\n"));
}

void scroll_end(struct html *html)
{
	html_put(html, HTML("</div>\n"));
}

static size_t name_part(char *into, const char *name)
{
	size_t used = 0;

	for (; used < PLAN_NAME_MAX - 1 && name[used]; used++) {
		unsigned char letter = (unsigned char)name[used];

		into[used] = letter < 0x80 && (isalnum(letter) || strchr("_-.+", letter))
				     ? (char)letter
				     : '_';
	}
	return used;
}

const char *page_name(char buffer[static PAGE_NAME_MAX], const char *scenario, const char *variant,
	const char *engine)
{
	const char *const parts[] = {scenario, variant, engine};
	size_t used = 0;

	for (int i = 0; i < 3; i++) {
		if (i)
			buffer[used++] = '-';
		used += name_part(buffer + used, parts[i]);
	}
	strcpy(buffer + used, ".html");
	if (buffer[0] == '.') /* a hidden file */
		buffer[0] = '_';
	return buffer;
}

unsigned actor_number(const struct case_view *case_view, const char *actor)
{
	const json_t *actors = field_array(case_view->catalog, "actors");

	for (size_t i = 0; i < json_array_size(actors); i++) {
		const char *name = json_string_value(json_array_get(actors, i));

		if (name && strcmp(name, actor) == 0)
			return (unsigned)i;
	}
	return 0;
}

struct html_markup actor_class(unsigned number)
{
	static const struct html_markup classes[] = {
		HTML("t1"), HTML("t2"), HTML("t3"), HTML("t4")};

	return classes[number % (sizeof classes / sizeof *classes)];
}

void step_number_write(struct html *html, struct span drawn, size_t step)
{
	bool is_there = span_has(drawn, step);

	if (is_there) {
		html_put(html, HTML("<a href=#s"));
		html_textf(html, "%zu", step + 1);
		html_put(html, HTML(">"));
	}
	html_textf(html, "%zu", step + 1);
	html_put(html, is_there ? HTML("</a>") : HTML(""));
}
