/*
 * races.c - the races that ThreadSanitizer or explore has seen: the actor, the variable, the stack
 * and the locks held of each access.
 */
#include "races.h"

#include <stdlib.h>

#include "field.h"
#include "stack.h"
#include "text.h"

enum { RACES_MAX = 16, ACCESSES_MAX = 4, LOCKS_MAX = 8, STACKS_MAX = 4, AGAIN_MAX = 4 };

/* " writes <code>n</code>" */
static void does_write(struct html *html, const json_t *access)
{
	const char *variable = field_text(access, "variable");

	html_put(
		html, field_true(access, "write") ? HTML(" writes <code>") : HTML(" reads <code>"));
	html_text_upto(html, *variable ? variable : "unnamed memory", PAGE_WORD_MAX);
	html_put(html, HTML("</code>"));
}

static void access_write(struct html *html, const struct case_view *case_view, const json_t *access,
	const struct sources *sources)
{
	const char *actor = field_text(access, "actor");
	int64_t size = field_integer(access, "size", 0);

	html_put(html, HTML("<div class='access "));
	html_put(html, actor_class(actor_number(case_view, actor)));
	html_put(html, HTML("'>\n<h4>"));
	html_text_upto(html, *actor ? actor : "an actor", PAGE_WORD_MAX);
	does_write(html, access);
	html_put(html, HTML("</h4>\n<p class=note>"));
	html_put(html, field_true(access, "atomic") ? HTML("atomic") : HTML("not atomic"));
	if (size > 0) {
		html_put(html, HTML(", "));
		html_number(html, size);
		html_put(html, size == 1 ? HTML(" byte") : HTML(" bytes"));
	}
	html_put(html, HTML("</p>\n"));
	stack_write(html, field_array(access, "stack"), sources);
	html_put(html, HTML("</div>\n"));
}

static void locks_write(struct html *html, const json_t *locks, const struct sources *sources)
{
	size_t all = json_array_size(locks);

	for (size_t i = 0; i < all && i < LOCKS_MAX; i++) {
		const json_t *lock = json_array_get(locks, i);
		const char *name = field_text(lock, "variable");

		html_put(html, HTML("<div class=access><h4>Lock <code>"));
		html_text_upto(html, *name ? name : "without a name", PAGE_WORD_MAX);
		html_put(html, HTML("</code></h4>\n"));
		if (json_array_size(field_array(lock, "stack"))) {
			html_put(html, HTML("<p class=note>created here</p>\n"));
			stack_write(html, field_array(lock, "stack"), sources);
		}
		html_put(html, HTML("</div>\n"));
	}
}

/* The name of the variable that the accesses agree on, or "". */
static const char *race_variable(const json_t *accesses)
{
	return field_text(json_array_get(accesses, 0), "variable");
}

/* Whether two accesses are the same line of the program, whichever actor was there. */
static bool same_line(const json_t *a, const json_t *b)
{
	const json_t *one = json_array_get(field_array(a, "stack"), 0),
		     *other = json_array_get(field_array(b, "stack"), 0);

	return *field_text(one, "file") && is(field_text(one, "file"), field_text(other, "file")) &&
	       field_integer(one, "line", 0) == field_integer(other, "line", 0) &&
	       field_true(a, "write") == field_true(b, "write");
}

/* Whether two races are between the same two lines, in either order. */
static bool same_pair(const json_t *race, const json_t *other)
{
	const json_t *a = field_array(race, "accesses"), *b = field_array(other, "accesses"),
		     *a0 = json_array_get(a, 0), *a1 = json_array_get(a, 1),
		     *b0 = json_array_get(b, 0), *b1 = json_array_get(b, 1);

	return json_array_size(a) == 2 && json_array_size(b) == 2 &&
	       ((same_line(a0, b0) && same_line(a1, b1)) ||
		       (same_line(a0, b1) && same_line(a1, b0)));
}

/* The first race between the same two lines. */
static size_t pair_first(const json_t *races, size_t race)
{
	size_t i = 0;

	while (i < race && !same_pair(json_array_get(races, i), json_array_get(races, race)))
		i++;
	return i;
}

/* "bob writes n, alice reads n" */
static void race_words_write(struct html *html, const json_t *race)
{
	const json_t *access;
	size_t i;

	json_array_foreach(field_array(race, "accesses"), i, access) {
		const char *actor = field_text(access, "actor");

		html_put(html, i ? HTML(", ") : HTML(""));
		html_text_upto(html, *actor ? actor : "an actor", PAGE_WORD_MAX);
		does_write(html, access);
	}
}

/* The other races of the pair: other actors, other elements, or the other order. */
static void again_write(struct html *html, const json_t *races, size_t first)
{
	size_t written = 0, all = 0;

	for (size_t i = first + 1; i < json_array_size(races); i++) {
		if (pair_first(races, i) != first || all++ >= AGAIN_MAX)
			continue;
		html_put(html, written++ ? HTML("; ") : HTML("<p class=note>Also seen: "));
		race_words_write(html, json_array_get(races, i));
	}
	if (all > written)
		html_textf(html, "; and %zu more", all - written);
	html_put(html, written ? HTML(".</p>\n") : HTML(""));
}

static void race_write(struct html *html, const struct case_view *case_view, size_t number,
	size_t at, const struct sources *sources)
{
	const json_t *races = field_array(case_view->json, "races"),
		     *race = json_array_get(races, at);
	const json_t *accesses = field_array(race, "accesses"),
		     *stacks = field_array(race, "stacks");
	const char *description = field_text(race, "description"),
		   *variable = race_variable(accesses);

	html_put(html, HTML("<article>\n<h3>"));
	html_number(html, (int64_t)number);
	html_put(html, HTML(". "));
	html_text_upto(html, *description ? description : "report", PAGE_WORD_MAX);
	if (*variable) {
		html_put(html, HTML(" on <code>"));
		html_text_upto(html, variable, PAGE_WORD_MAX);
		html_put(html, HTML("</code>"));
	}
	html_put(html, HTML("</h3>\n<div class=accesses>\n"));
	for (size_t i = 0; i < json_array_size(accesses) && i < ACCESSES_MAX; i++)
		access_write(html, case_view, json_array_get(accesses, i), sources);
	locks_write(html, field_array(race, "locks"), sources);
	/*
	 * Not a race of two accesses: a lock order that could deadlock, an unlock by an actor that
	 * does not hold the lock.
	 */
	for (size_t i = 0; i < json_array_size(stacks) && i < STACKS_MAX; i++) {
		html_put(html, HTML("<div class=access><h4>Stack "));
		html_number(html, (int64_t)i + 1);
		html_put(html, HTML("</h4>\n"));
		stack_write(html, json_array_get(stacks, i), sources);
		html_put(html, HTML("</div>\n"));
	}
	html_put(html, HTML("</div>\n"));
	if (field_is(case_view->traits, "witness", "tsan") && json_array_size(accesses) &&
		!json_array_size(field_array(race, "locks")))
		html_put(html, HTML("<p class=note>ThreadSanitizer reports no lock that was held "
				    "at either access.</p>\n"));
	again_write(html, races, at);
	html_put(html, HTML("</article>\n"));
}

void races_write(struct html *html, const struct case_view *case_view,
	const struct sources *sources, bool open)
{
	const json_t *races = field_array(case_view->json, "races");
	bool tsan = field_is(case_view->traits, "witness", "tsan");
	size_t pairs = 0;
	char *words;

	for (size_t i = 0; i < json_array_size(races); i++)
		pairs += pair_first(races, i) == i;
	if (!pairs)
		return;
	words = format("%zu", pairs);
	fold_begin(html, HTML("races"),
		tsan ? HTML("ThreadSanitizer's report") : HTML("Data races"), words, open);
	free(words);
	if (!tsan)
		html_put(html, HTML("<p class=note>Two accesses that no synchronisation orders: at "
				    "least one writes, and at least one is not atomic. Each race "
				    "is shown from the first schedule that had it.</p>\n"));
	for (size_t i = 0, number = 0; i < json_array_size(races) && number < RACES_MAX; i++)
		if (pair_first(races, i) == i)
			race_write(html, case_view, ++number, i, sources);
	showing_write(html, RACES_MAX, pairs, HTML("reports"));
	fold_end(html);
}
