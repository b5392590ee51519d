/* index.c - the index: every case in a matrix, and what only a comparison of cases shows. */
#include "index.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "exit.h"
#include "field.h"
#include "detection_page.h"
#include "ipc_page.h"
#include "kinds.h"
#include "text.h"

enum {
	SLOWEST_MAX = 10,
	CHANGES_MAX = 12, /* listed per run */
};

/* The index past the last case of the variant that case `i` belongs to. */
static size_t variant_end(const struct report *report, size_t i)
{
	const struct case_view *first = &report->cases[i];

	while (i < report->count && is(report->cases[i].variant, first->variant) &&
		is(report->cases[i].scenario, first->scenario))
		i++;
	return i;
}

static size_t count_outcome(
	const struct report *report, size_t from, size_t to, const char *outcome)
{
	size_t count = 0;

	for (size_t i = from; i < to; i++)
		count += is(report->cases[i].outcome, outcome);
	return count;
}

/* --- the top line -------------------------------------------------------------------------- */

static void of_write(struct html *html, int64_t count, int64_t all, struct html_markup what)
{
	html_number(html, count);
	html_put(html, HTML(" of "));
	html_number(html, all);
	html_put(html, what);
}

static void count_write(struct html *html, size_t count, struct html_markup what)
{
	if (!count)
		return;
	html_put(html, HTML(", "));
	html_number(html, (int64_t)count);
	html_put(html, what);
}

/* How the variants of the page came out, see top_line_write. */
struct tally {
	int64_t broken, caught, correct, clean, questions, found;
};

static void variant_count(struct tally *tally, const struct report *report, size_t from, size_t end)
{
	size_t found = count_outcome(report, from, end, "FOUND");
	size_t seen = count_outcome(report, from, end, "caught");

	if (found || count_outcome(report, from, end, "nothing found")) {
		tally->questions++;
		tally->found += found > 0;
	} else if (report->cases[from].correct) {
		tally->correct += count_outcome(report, from, end, "skipped") < end - from;
		tally->clean += !count_outcome(report, from, end, "FALSE ALARM") &&
				count_outcome(report, from, end, "clean") > 0;
	} else {
		tally->broken += seen || count_outcome(report, from, end, "MISSED");
		tally->caught += seen > 0;
	}
}

/*
 * Variants are counted where the sentence says variants: a broken one is caught if at least one
 * engine caught it, and counts at all if an engine caught or missed it (where every engine is
 * declared blind there is nothing to catch); a correct one is clean if every engine that ran it
 * says so. Blind, MISSED, FALSE ALARM and skipped are counted in cases, variant x engine.
 */
static void top_line_write(struct html *html, const struct report *report)
{
	struct tally tally = {0};
	size_t all = report->count;
	size_t missed = count_outcome(report, 0, all, "MISSED");
	size_t alarms = count_outcome(report, 0, all, "FALSE ALARM");

	for (size_t i = 0, end; i < all; i = end) {
		end = variant_end(report, i);
		variant_count(&tally, report, i, end);
	}
	html_put(html, missed || alarms || tally.found ? HTML("<p class='top bad'>✗ ")
						       : HTML("<p class=top>"));
	if (tally.questions)
		of_write(html, tally.found, tally.questions,
			tally.questions == 1 ? HTML(" test has a bug") : HTML(" tests have a bug"));
	if (tally.broken || tally.correct || !tally.questions) {
		html_put(html, tally.questions ? HTML("; ") : HTML(""));
		of_write(html, tally.caught, tally.broken, HTML(" broken variants caught, "));
		of_write(html, tally.clean, tally.correct, HTML(" correct variants clean"));
	}
	count_write(html, count_outcome(report, 0, all, "blind"), HTML(" blind as declared"));
	count_write(html, missed, HTML(" MISSED"));
	count_write(html, alarms, HTML(" FALSE ALARM"));
	count_write(html, count_outcome(report, 0, all, "skipped"), HTML(" skipped"));
	html_put(html, HTML(".</p>\n"));
}

/* --- the matrix ---------------------------------------------------------------------------- */

static void outcome_write(struct html *html, const char *outcome)
{
	html_put(html, HTML("<span class='word "));
	html_put(html, outcome_class(outcome));
	html_put(html, HTML("'>"));
	html_put(html, outcome_glyph(outcome));
	html_put(html, HTML(" "));
	html_text_upto(html, *outcome ? outcome : "unknown", PAGE_WORD_MAX);
	html_put(html, HTML("</span>"));
}

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
	html_put(html, HTML("<span class=effort>"));
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
			of_write(html, case_view->failures, case_view->executions, HTML(""));
		} else if (case_view->executions > 0) { /* TSan saw it, and no check failed */
			html_put(html, HTML(" in "));
			html_number(html, case_view->executions);
		}
	} else {
		clean_effort_write(html, case_view);
	}
	html_put(html, HTML("</span>"));
}

static void cell_write(struct html *html, const struct case_view *case_view)
{
	char name[PAGE_NAME_MAX];

	html_put(html, HTML("<td>"));
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

static void matrix_row_write(struct html *html, const struct report *report, size_t from, size_t to,
	const struct engines *engines)
{
	const struct case_view *first = &report->cases[from];

	html_put(html, HTML("<tr><th scope=row>"));
	html_text_upto(html, first->scenario, PAGE_WORD_MAX);
	html_put(html, HTML("/<wbr>"));
	html_text_upto(html, first->variant, PAGE_WORD_MAX);
	html_put(html, HTML("<span class=effort>"));
	html_text_upto(html, field_text(first->json, "summary"), 120);
	html_put(html, HTML("</span>"));
	if (*field_text(first->json, "refs")) {
		html_put(html, HTML("<span class=effort>See "));
		html_text_upto(html, field_text(first->json, "refs"), 120);
		html_put(html, HTML("</span>"));
	}
	html_put(html, HTML("</th>"));
	for (unsigned e = 0; e < engines->count; e++) {
		size_t i = from;

		while (i < to && !is(report->cases[i].engine, engines->names[e]))
			i++;
		if (i < to)
			cell_write(html, &report->cases[i]);
		else
			html_put(html, HTML("<td><span class=effort>not run</span></td>"));
	}
	html_put(html, HTML("</tr>\n"));
}

static void matrix_write(
	struct html *html, const struct report *report, const struct engines *engines)
{
	html_put(html, HTML("<section aria-labelledby=h-matrix><h2 id=h-matrix>Cases</h2>\n"));
	if (!report->count) {
		html_put(html, HTML("<p>The store has no cases yet: run "
				    "<code>build/snarl run</code>.</p></section>\n"));
		return;
	}
	scroll_begin(html, "Cases, scrollable");
	html_put(html, HTML("<table class=matrix><caption>One row per variant, one column per "
			    "engine. Below each outcome: failing executions of all that were run, "
			    "numbered from 0.</caption>\n<thead><tr><th "
			    "scope=col>Scenario/variant</th>"));
	engines_heads_write(html, engines);
	html_put(html, HTML("<tbody>\n"));
	for (size_t i = 0, end; i < report->count; i = end) {
		end = variant_end(report, i);
		matrix_row_write(html, report, i, end, engines);
	}
	html_put(html, HTML("</tbody></table>\n"));
	scroll_end(html);
	html_put(html, HTML("</section>\n"));
}

/* --- the slowest cases --------------------------------------------------------------------- */

static int slower(const void *left, const void *right)
{
	const struct case_view *a = *(const struct case_view *const *)left;
	const struct case_view *b = *(const struct case_view *const *)right;

	return (a->seconds < b->seconds) - (a->seconds > b->seconds);
}

static void slowest_write(struct html *html, const struct report *report)
{
	const struct case_view **order = calloc(report->count + 1, sizeof *order);

	if (!order)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	for (size_t i = 0; i < report->count; i++)
		order[i] = &report->cases[i];
	qsort(order, report->count, sizeof *order, slower);
	html_put(html, HTML("<section aria-labelledby=h-slow><h2 id=h-slow>Slowest cases</h2>\n"));
	scroll_begin(html, "Slowest cases, scrollable");
	html_put(html,
		HTML("<table><caption class=vh>The slowest cases</caption><thead><tr>"
		     "<th scope=col>Case</th><th scope=col class=n>Seconds</th>"
		     "<th scope=col class=n>Executions</th>"
		     "<th scope=col class=n>Executions per second</th></tr></thead><tbody>\n"));
	for (size_t i = 0; i < report->count && i < SLOWEST_MAX; i++) {
		const struct case_view *case_view = order[i];

		html_put(html, HTML("<tr><th scope=row>"));
		html_text_upto(html, case_view->scenario, PAGE_WORD_MAX);
		html_put(html, HTML("/<wbr>"));
		html_text_upto(html, case_view->variant, PAGE_WORD_MAX);
		html_put(html, HTML(", "));
		html_text_upto(html, case_view->engine, PAGE_WORD_MAX);
		html_put(html, HTML("</th><td class=n>"));
		html_textf(html, "%.2f", case_view->seconds);
		html_put(html, HTML("</td><td class=n>"));
		html_number(html, case_view->executions);
		html_put(html, HTML("</td><td class=n>"));
		/* Below a millisecond, the time measures start-up rather than the case. */
		if (case_view->seconds > 0.001)
			html_number(html,
				(int64_t)((double)case_view->executions / case_view->seconds));
		html_put(html, HTML("</td></tr>\n"));
	}
	html_put(html, HTML("</tbody></table>\n"));
	scroll_end(html);
	html_put(html, HTML("</section>\n"));
	free(order);
}

/* --- earlier runs -------------------------------------------------------------------------- */

/* The case's most recent outcome before run `at` of the earlier ones, or NULL. */
static const char *outcome_before(const json_t *earlier, size_t at, const json_t *json)
{
	for (size_t i = at + 1; i < json_array_size(earlier); i++) {
		const json_t *cases = field_array(json_array_get(earlier, i), "cases");
		const json_t *other;
		size_t k;

		json_array_foreach(cases, k, other)
			if (is(field_text(other, "variant"), field_text(json, "variant")) &&
				is(field_text(other, "scenario"), field_text(json, "scenario")) &&
				is(field_text(other, "engine"), field_text(json, "engine")))
				return field_text(other, "outcome");
	}
	return NULL;
}

static void changes_write(struct html *html, const json_t *earlier, size_t at)
{
	const json_t *cases = field_array(json_array_get(earlier, at), "cases"), *json;
	size_t i, changes = 0, new = 0;

	json_array_foreach(cases, i, json) {
		const char *before = outcome_before(earlier, at, json);

		new += !before;
		if (!before || is(before, field_text(json, "outcome")) || changes++ >= CHANGES_MAX)
			continue;
		html_put(html, changes == 1 ? HTML("<ul class=plain>") : HTML(""));
		html_put(html, HTML("<li>"));
		html_text_upto(html, field_text(json, "scenario"), 64);
		html_put(html, HTML("/<wbr>"));
		html_text_upto(html, field_text(json, "variant"), 64);
		html_put(html, HTML(", "));
		html_text_upto(html, field_text(json, "engine"), 64);
		html_put(html, HTML(": "));
		outcome_write(html, before);
		html_put(html, HTML(" → "));
		outcome_write(html, field_text(json, "outcome"));
		html_put(html, HTML("</li>\n"));
	}
	html_put(html, changes ? HTML("</ul>") : HTML(""));
	showing_write(
		html, changes < CHANGES_MAX ? changes : CHANGES_MAX, changes, HTML("changes"));
	/* Nothing is known about runs before the oldest one read. */
	if (at + 1 == json_array_size(earlier))
		html_put(html, HTML("<span class=effort>nothing to compare with</span>"));
	else if (new) {
		html_number(html, (int64_t) new);
		html_put(html, new == 1 ? HTML(" case is new") : HTML(" cases are new"));
	} else if (!changes)
		html_put(html, HTML("<span class=effort>nothing changed</span>"));
}

static void tally_write(struct html *html, const json_t *cases)
{
	static const char *const words[] = {"FOUND", "nothing found", "caught", "clean", "blind",
		"MISSED", "FALSE ALARM", "skipped"};
	bool first = true;

	for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
		const json_t *json;
		size_t i, count = 0;

		json_array_foreach(cases, i, json)
			count += is(field_text(json, "outcome"), words[w]);
		if (!count)
			continue;
		html_put(html, first ? HTML("") : HTML(", "));
		html_number(html, (int64_t)count);
		html_textf(html, " %s", words[w]);
		first = false;
	}
}

static void runs_write(struct html *html, const struct report *report)
{
	size_t count = json_array_size(report->earlier);

	if (!count)
		return;
	html_put(html,
		HTML("<section aria-labelledby=h-runs><h2 id=h-runs>Runs in this store</h2>\n"));
	scroll_begin(html, "Runs in this store, scrollable");
	html_put(html,
		HTML("<table><caption>Newest first. Each case is compared with its result in the "
		     "latest earlier run that has it.</caption><thead><tr>"
		     "<th scope=col class=n>Run</th><th scope=col>Began</th>"
		     "<th scope=col>How it ended</th><th scope=col>Outcomes</th>"
		     "<th scope=col>What changed</th></tr></thead><tbody>\n"));
	for (size_t i = 0; i < count; i++) {
		const json_t *run = json_array_get(report->runs, i);
		const char *how = field_text(run, "how");

		html_put(html, HTML("<tr><th scope=row class=n>"));
		html_number(html, field_integer(run, "run", 0));
		html_put(html, HTML("</th><td class=nowrap>"));
		html_text_upto(html, field_text(run, "began"), PAGE_WORD_MAX);
		html_put(html, HTML("</td><td>"));
		html_text_upto(html, *how ? how : "still running, or killed", PAGE_WORD_MAX);
		html_put(html, HTML("</td><td>"));
		tally_write(html, field_array(json_array_get(report->earlier, i), "cases"));
		html_put(html, HTML("</td><td>"));
		changes_write(html, report->earlier, i);
		html_put(html, HTML("</td></tr>\n"));
	}
	html_put(html, HTML("</tbody></table>\n"));
	scroll_end(html);
	showing_write(html, count, json_array_size(report->runs), HTML("runs"));
	html_put(html, HTML("</section>\n"));
}

/* --- the page ------------------------------------------------------------------------------ */

static void header_write(struct html *html, const struct report *report)
{
	const json_t *run =
		report->run ? report_run(report, report->run) : json_array_get(report->runs, 0);

	html_put(html, HTML("<header><h1>snarl: races and deadlocks</h1>\n"));
	top_line_write(html, report);
	html_put(html, HTML("<p class=note>"));
	if (report->run) {
		html_put(html, HTML("Run "));
		html_number(html, report->run);
		html_put(html, HTML(" alone, begun "));
	} else {
		html_put(html,
			HTML("The newest result of every case in the store; newest run begun "));
	}
	html_text_upto(html, field_text(run, "began"), PAGE_WORD_MAX);
	html_put(html, HTML(".</p></header>\n"));
}

/* The words that occur. */
static void legend_write(struct html *html, const struct report *report)
{
	static const struct {
		const char *outcome;
		struct html_markup meaning;
	} words[] = {
		{"caught", HTML("a broken variant's bug was seen")},
		{"clean", HTML("nothing was seen")},
		{"blind", HTML("not seen; the variant declares that this engine cannot see it")},
		{"MISSED", HTML("a bug that this engine must see was not seen")},
		{"FALSE ALARM",
			HTML("a failure of a correct variant, or one that is not declared")},
		{"skipped", HTML("not run")},
		{"FOUND", HTML("a bug was seen where nothing is declared")},
		{"nothing found", HTML("none was")},
	};

	html_put(html, HTML("<dl class=legend>"));
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!count_outcome(report, 0, report->count, words[i].outcome))
			continue;
		html_put(html, HTML("<div><dt>"));
		outcome_write(html, words[i].outcome);
		html_put(html, HTML("</dt><dd>"));
		html_put(html, words[i].meaning);
		html_put(html, HTML("</dd></div>\n"));
	}
	html_put(html, HTML("</dl>\n"));
}

int index_write(const struct report *report)
{
	struct html *html = html_open(report->folder, "index.html");
	const json_t *run =
		report->run ? report_run(report, report->run) : json_array_get(report->runs, 0);
	struct engines engines = engines_find(report);

	html_begin(html, "snarl: races and deadlocks", false);
	header_write(html, report);
	html_put(html, HTML("<main>\n"));
	matrix_write(html, report, &engines);
	if (report->count) {
		legend_write(html, report);
		kinds_section_write(html, report, &engines);
		slowest_write(html, report);
	}
	if (report->ipc)
		ipc_link_write(html, report);
	if (report->detection)
		detection_link_write(html, report);
	html_put(html, HTML("<section aria-labelledby=h-env><h2 id=h-env>Environment</h2>\n"));
	environment_write(html, json_object_get(run, "environment"));
	html_put(html, HTML("</section>\n"));
	runs_write(html, report);
	html_put(html, HTML("</main>\n"));
	html_end(html);
	return html_close(html);
}
