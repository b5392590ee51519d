/* page.c - what the index and the pages of one rendering share. */
#include "page.h"

#include <stdlib.h>
#include <ctype.h>
#include <string.h>

#include "field.h"
#include "text.h"

size_t scenario_end(const struct report *report, size_t i)
{
	const char *scenario = report->cases[i].scenario;

	while (i < report->count && is(report->cases[i].scenario, scenario))
		i++;
	return i;
}

size_t variant_end(const struct report *report, size_t i)
{
	const struct case_view *first = &report->cases[i];

	while (i < report->count && is(report->cases[i].variant, first->variant) &&
		is(report->cases[i].scenario, first->scenario))
		i++;
	return i;
}

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

bool case_view_alarms(const struct case_view *case_view)
{
	return is(case_view->outcome, "MISSED") || is(case_view->outcome, "FALSE ALARM") ||
	       is(case_view->outcome, "FOUND");
}

void case_link_write(struct html *html, const struct case_view *case_view)
{
	bool linked = case_view_has_page(case_view);
	char name[PAGE_NAME_MAX];

	if (linked)
		html_wrap(html, HTML("<a href='"),
			page_name(name, case_view->scenario, case_view->variant, case_view->engine),
			HTML("'>"));
	html_text_upto(html, case_view->scenario, PAGE_WORD_MAX);
	html_put(html, HTML("/<wbr>"));
	html_text_upto(html, case_view->variant, PAGE_WORD_MAX);
	html_put(html, HTML(", "));
	html_text_upto(html, case_view->engine, PAGE_WORD_MAX);
	html_put(html, linked ? HTML("</a>") : HTML(""));
}

void outcome_write(struct html *html, const char *outcome)
{
	html_put(html, HTML("<span class='word "));
	html_put(html, outcome_class(outcome));
	html_put(html, HTML("'>"));
	html_put(html, outcome_glyph(outcome));
	html_put(html, HTML(" "));
	html_text_upto(html, *outcome ? outcome : "unknown", PAGE_WORD_MAX);
	html_put(html, HTML("</span>"));
}

/* The store has "2026-11-22 14:25:01.123", in UTC. */
void time_write(struct html *html, const char *time)
{
	enum { SECONDS = 19 };

	if (strlen(time) < SECONDS) {
		html_text(html, time);
		return;
	}
	html_textf(html, "%.*s", SECONDS, time);
	html_put(html, HTML(" UTC"));
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

/* Flags of a compiler, or anything else as long, unfold. */
static void long_value_write(struct html *html, const json_t *value)
{
	bool folded = json_string_length(value) > PAGE_WORD_MAX;

	if (folded) {
		html_put(html, HTML("<details><summary>"));
		html_text_upto(html, json_string_value(value), PAGE_WORD_MAX / 2);
		html_put(html, HTML("</summary><code>"));
	}
	value_write(html, value);
	html_put(html, folded ? HTML("</code></details>") : HTML(""));
}

/* A row, or one for each member of an object: "flags: stress". */
static void environment_row_write(
	struct html *html, const char *name, const char *member, const json_t *value)
{
	void *at = json_object_iter((json_t *)value);

	for (; at && !*member; at = json_object_iter_next((json_t *)value, at))
		environment_row_write(
			html, name, json_object_iter_key(at), json_object_iter_value(at));
	if (json_is_object(value) && !*member)
		return;
	html_put(html, HTML("<tr><th scope=row>"));
	html_text_upto(html, name, PAGE_WORD_MAX);
	html_put(html, *member ? HTML(", ") : HTML(""));
	html_text_upto(html, member, PAGE_WORD_MAX);
	html_put(html, HTML("</th><td>"));
	long_value_write(html, value);
	html_put(html, HTML("</td></tr>\n"));
}

void environment_write(struct html *html, const json_t *environment)
{
	void *at = json_object_iter((json_t *)environment);

	if (!at) {
		html_put(html, HTML("<p>Not recorded.</p>\n"));
		return;
	}
	html_put(html, HTML("<table class=environment><caption class=vh>What it ran on</caption>"
			    "<tbody>\n"));
	for (; at; at = json_object_iter_next((json_t *)environment, at))
		environment_row_write(
			html, json_object_iter_key(at), "", json_object_iter_value(at));
	html_put(html, HTML("</tbody></table>\n"));
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

void fold_begin(struct html *html, struct html_markup id, struct html_markup title,
	const char *words, bool open)
{
	html_put(html, HTML("<section aria-labelledby="));
	html_put(html, id);
	html_put(html, open ? HTML("><details open><summary><h2 id=")
			    : HTML("><details><summary><h2 id="));
	html_put(html, id);
	html_put(html, HTML(">"));
	html_put(html, title);
	html_put(html, HTML("</h2>"));
	if (*words)
		html_wrap(html, HTML(" <span class=about>"), words, HTML("</span>"));
	html_put(html, HTML("</summary>\n"));
}

void fold_end(struct html *html)
{
	html_put(html, HTML("</details></section>\n"));
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

const char *scenario_page_name(char buffer[static PAGE_NAME_MAX], const char *scenario)
{
	static const char before[] = "scenario.", after[] = ".html";
	size_t used = name_part(strcpy(buffer, before) + strlen(before), scenario);

	strcpy(buffer + strlen(before) + used, after);
	return buffer;
}

const char *name_id(char buffer[static PAGE_NAME_MAX], const char *name)
{
	buffer[name_part(buffer, name)] = '\0';
	return buffer;
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
