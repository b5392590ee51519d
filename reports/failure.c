/*
 * failure.c - the page of one case: what went wrong in one sentence, then the evidence, from the
 * interleaving down to the machine it ran on.
 */
#define _GNU_SOURCE
#include "failure.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chart.h"
#include "field.h"
#include "fix.h"
#include "interleaving.h"
#include "ledger_table.h"
#include "messages.h"
#include "races.h"
#include "rates.h"
#include "source.h"
#include "no_progress.h"
#include "text.h"

enum {
	OUTCOMES_MAX = 48,
	OUTCOMES_OPEN = 5, /* the others are folded */
	INJECTIONS_MAX = 16,
	OBSERVED_MAX = 16,
	HISTORY_MAX = 20,
	TOKEN_MAX = 4096,
};

/* End a sentence with a full stop, unless it has its own punctuation. */
static void sentence_write(struct html *html, const char *sentence)
{
	size_t length = strlen(sentence);

	html_text_upto(html, sentence, PAGE_TEXT_MAX);
	html_put(html, length && strchr(".!?", sentence[length - 1]) ? HTML(" ") : HTML(". "));
}

/* Write "overwrite|lost-item" as "overwrite, lost-item". */
static void kinds_write(struct html *html, const char *kinds)
{
	while (*kinds) {
		size_t length = strcspn(kinds, "|");
		char *kind =
			format("%.*s", length < PAGE_WORD_MAX ? (int)length : PAGE_WORD_MAX, kinds);

		html_text(html, kind);
		free(kind);
		kinds += length;
		if (*kinds) {
			html_put(html, HTML(", "));
			kinds++;
		}
	}
}

/* --- verdict and facts --------------------------------------------------------------------- */

static void verdict_write(struct html *html, const struct case_view *case_view)
{
	html_put(html, HTML("<p class=lead>"));
	if (*case_view->message)
		sentence_write(html, case_view->message);
	if (is(case_view->outcome, "MISSED") || is(case_view->outcome, "FALSE ALARM")) {
		html_put(html, HTML("The variant declares that this engine sees "));
		kinds_write(
			html, is(case_view->expected, "clean") ? "nothing" : case_view->expected);
		html_put(html, HTML(". "));
	}
	html_put(html, HTML("</p>\n"));
}

static void fact_begin(struct html *html, struct html_markup term)
{
	html_put(html, HTML("<div><dt>"));
	html_put(html, term);
	html_put(html, HTML("</dt><dd>"));
}

static void fact_end(struct html *html)
{
	html_put(html, HTML("</dd></div>\n"));
}

static void fact_text(struct html *html, struct html_markup term, const char *text)
{
	if (!*text)
		return;
	fact_begin(html, term);
	html_text_upto(html, text, PAGE_TEXT_MAX);
	fact_end(html);
}

static void fact_number(struct html *html, struct html_markup term, int64_t number)
{
	fact_begin(html, term);
	html_number(html, number);
	fact_end(html);
}

static void seed_write(struct html *html, const json_t *json)
{
	const json_t *seed = json_object_get(json, "seed");

	if (!json_is_integer(seed)) {
		fact_text(html, HTML("Seed"), field_text(json, "seed"));
		return;
	}
	fact_begin(html, HTML("Seed"));
	html_put(html, HTML("<code>"));
	html_textf(html, "0x%" PRIx64, (uint64_t)json_integer_value(seed));
	html_put(html, HTML("</code>"));
	fact_end(html);
}

static void injections_write(struct html *html, const json_t *injections)
{
	const json_t *injection;
	size_t i, all = json_array_size(injections);

	if (!all)
		return;
	fact_begin(html, HTML("Injections"));
	json_array_foreach(injections, i, injection) {
		int64_t count = field_integer(injection, "count", 0);

		if (i == INJECTIONS_MAX)
			break;
		html_put(html, HTML("<span class=line><code>"));
		html_text_upto(html, field_text(injection, "rule"), PAGE_WORD_MAX);
		html_put(html, HTML("</code> "));
		if (count > 0) {
			html_put(html, HTML("fired "));
			html_number(html, count);
			html_put(html, count == 1 ? HTML(" time") : HTML(" times"));
		} else {
			html_put(html, HTML("never fired"));
		}
		html_put(html, HTML("</span> "));
	}
	showing_write(html, INJECTIONS_MAX, all, HTML("rules"));
	fact_end(html);
}

static void observed_write(struct html *html, const json_t *observed)
{
	const json_t *variable;
	size_t i;

	if (!json_array_size(observed))
		return;
	fact_begin(html, HTML("At the failure"));
	json_array_foreach(observed, i, variable) {
		const json_t *value = json_object_get(variable, "value");
		char *text;

		if (i == OBSERVED_MAX)
			break;
		text = json_is_string(value) ? NULL : json_dumps(value, JSON_ENCODE_ANY);
		html_put(html, HTML("<span class=line><code>"));
		html_text_upto(html, field_text(variable, "name"), PAGE_WORD_MAX);
		html_put(html, HTML(" = "));
		html_text_upto(html, text ? text : field_text(variable, "value"), PAGE_WORD_MAX);
		html_put(html, HTML("</code></span> "));
		free(text);
	}
	showing_write(html, OBSERVED_MAX, json_array_size(observed), HTML("variables"));
	fact_end(html);
}

/* The schedule's cost, and its cost before shrinking. */
static void shape_write(struct html *html, const json_t *shape)
{
	static const struct {
		const char *name;
		struct html_markup term;
	} numbers[] = {
		{"steps", HTML("Steps of the schedule")},
		{"switches", HTML("Context switches")},
		{"preemptions", HTML("Preemptions")},
		{"faults", HTML("Injected faults")},
	};
	const json_t *found = json_object_get(shape, "found");
	int64_t steps = field_integer(shape, "steps", -1);

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		int64_t number = field_integer(shape, numbers[i].name, -1);

		if (number >= 0)
			fact_number(html, numbers[i].term, number);
	}
	fact_text(html, HTML("Strategy"), field_text(shape, "strategy"));
	if (steps < 0 || !json_object_size(found))
		return;
	fact_begin(html, HTML("Shrunk"));
	if (field_integer(found, "steps", 0) == steps &&
		field_integer(found, "preemptions", 0) == field_integer(shape, "preemptions", 0)) {
		html_put(html, HTML("no: it was found this short"));
	} else {
		int64_t before = field_integer(found, "preemptions", 0);

		html_put(html, HTML("found with "));
		html_number(html, before);
		html_put(html, before == 1 ? HTML(" preemption in ") : HTML(" preemptions in "));
		html_number(html, field_integer(found, "steps", 0));
		html_put(html, HTML(" steps, shrunk to "));
		html_number(html, field_integer(shape, "preemptions", 0));
		html_put(html, HTML(" in "));
		html_number(html, steps);
	}
	fact_end(html);
}

static void facts_write(struct html *html, const struct case_view *case_view)
{
	size_t races = json_array_size(field_array(case_view->json, "races"));
	const char *oracle = field_text(case_view->json, "oracle");

	fold_begin(html, HTML("facts"), HTML("Facts"), "", false);
	html_put(html, HTML("<dl class=facts>\n"));
	fact_text(html, HTML("Variant"), field_text(case_view->json, "summary"));
	fact_text(html, HTML("Engine"), case_view->engine);
	fact_text(html, HTML("Outcome"), case_view->outcome);
	fact_number(html, HTML("Executions"), case_view->executions);
	fact_number(html, HTML("Executions that failed"), case_view->failures);
	if (case_view->first >= 0)
		fact_number(html, HTML("First failing execution"), case_view->first + 1);
	shape_write(html, json_object_get(case_view->json, "shape"));
	fact_text(html, HTML("Coverage"), field_text(case_view->json, "coverage"));
	if (field_is(case_view->traits, "memory_model", "sequentially consistent"))
		fact_text(html, HTML("Memory model"),
			"sequentially consistent; weaker hardware orderings are not explored");
	fact_begin(html, HTML("Time"));
	html_textf(html, "%.3f s", case_view->seconds);
	fact_end(html);
	if (*oracle) {
		fact_begin(html, HTML("The scenario's check found"));
		kinds_write(html, is(oracle, "clean") ? "nothing wrong" : oracle);
		fact_end(html);
	}
	if (races || field_is(case_view->traits, "witness", "tsan")) {
		fact_begin(html, field_is(case_view->traits, "witness", "tsan")
					 ? HTML("ThreadSanitizer saw")
					 : HTML("Races seen"));
		html_number(html, (int64_t)races);
		if (field_is(case_view->traits, "witness", "tsan"))
			html_put(html, races == 1 ? HTML(" fault") : HTML(" faults"));
		fact_end(html);
	}
	observed_write(html, field_array(case_view->json, "observed"));
	seed_write(html, case_view->json);
	fact_text(html, HTML("Settings that caught it"), field_text(case_view->json, "arm"));
	injections_write(html, field_array(case_view->json, "injections"));
	fact_text(html, HTML("Declared for this engine"),
		field_text(json_object_get(json_object_get(case_view->catalog, "expect"),
				   case_view->engine),
			"why"));
	fact_text(html, HTML("Described in"), field_text(case_view->json, "refs"));
	html_put(html, HTML("</dl>\n"));
	if (field_is(case_view->traits, "replays", "settings"))
		html_put(html, HTML("<p class=note>The replay line repeats the executions with the "
				    "same settings and injections; the processor may still "
				    "interleave them differently.</p>\n"));
	fold_end(html);
}

static void crumb_write(struct html *html, const struct case_view *other, bool here)
{
	char name[PAGE_NAME_MAX];
	bool linked = !here && case_view_has_page(other);

	html_put(html, here ? HTML(" · <b aria-current=page>") : HTML(" · "));
	if (linked)
		html_wrap(html, HTML("<a href='"),
			page_name(name, other->scenario, other->variant, other->engine),
			HTML("'>"));
	html_text_upto(html, other->engine, PAGE_WORD_MAX);
	html_put(html, linked ? HTML("</a>") : here ? HTML("</b>") : HTML(""));
	if (!here)
		html_textf(html, " (%s)", other->outcome);
}

static bool same_variant(const struct case_view *a, const struct case_view *b)
{
	return is(a->scenario, b->scenario) && is(a->variant, b->variant);
}

/* Where this page is, and the pages beside it. */
static void crumbs_write(struct html *html, const struct report *report,
	const struct case_view *case_view, bool has_twin)
{
	char name[PAGE_NAME_MAX];

	html_put(html, HTML("<nav class=crumbs aria-label='Related pages'><a href=index.html>All "
			    "cases</a> › <a href='"));
	html_text(html, scenario_page_name(name, case_view->scenario));
	html_put(html, HTML("'>"));
	html_text_upto(html, case_view->scenario, PAGE_WORD_MAX);
	html_put(html, HTML("</a> › "));
	html_text_upto(html, case_view->variant, PAGE_WORD_MAX);
	for (size_t i = 0; i < report->count; i++)
		if (same_variant(&report->cases[i], case_view))
			crumb_write(html, &report->cases[i],
				is(report->cases[i].engine, case_view->engine));
	html_put(html,
		has_twin ? HTML(" · <a href=#twin>correct twin</a></nav>\n") : HTML("</nav>\n"));
}

static void heading_write(struct html *html, const struct case_view *case_view)
{
	html_put(html, HTML("<h1><span class='verdict "));
	html_put(html, outcome_class(case_view->outcome));
	html_put(html, HTML("'>"));
	html_put(html,
		is(case_view->outcome, "caught") ? HTML("✗") : outcome_glyph(case_view->outcome));
	html_put(html, HTML(" "));
	if (is(case_view->outcome, "MISSED") || is(case_view->outcome, "FALSE ALARM"))
		html_textf(html, "%s: ", case_view->outcome);
	kinds_write(html, case_view->verdict);
	html_put(html, HTML("</span> in "));
	html_text_upto(html, case_view->scenario, PAGE_WORD_MAX);
	html_put(html, HTML("/<wbr>"));
	html_text_upto(html, case_view->variant, PAGE_WORD_MAX);
	html_put(html, HTML("</h1>\n"));
}

/* "1,048 of 1,894 executions failed; interleaving: 124 steps, 1 preemption" */
static void shortest_write(struct html *html, const struct case_view *case_view)
{
	const json_t *shape = json_object_get(case_view->json, "shape");
	/* A shape counts more steps than are drawn: accesses of memory that is not shared, say. */
	size_t drawn = json_array_size(field_array(case_view->json, "trace"));
	bool raced = json_array_size(field_array(case_view->json, "races")) > 0;
	int64_t steps = drawn ? (int64_t)drawn : field_integer(shape, "steps", -1),
		preemptions = field_integer(shape, "preemptions", -1);

	if (!case_view->executions) {
		html_put(html, HTML("failed before any execution was counted"));
		return;
	}
	if (case_view->failures || !raced) {
		html_number(html, case_view->failures);
		html_put(html, HTML(" of "));
	} else {
		html_put(html, HTML("no check failed in "));
	}
	html_number(html, case_view->executions);
	html_put(html, case_view->executions == 1 ? HTML(" execution") : HTML(" executions"));
	html_put(html, case_view->failures || !raced ? HTML(" failed") : HTML(""));
	if (steps >= 0) {
		html_put(html, HTML("; shown with "));
		html_number(html, steps);
		html_put(html, steps == 1 ? HTML(" step") : HTML(" steps"));
	}
	if (steps >= 0 && preemptions >= 0) {
		html_put(html, HTML(", "));
		html_number(html, preemptions);
		html_put(html, preemptions == 1 ? HTML(" preemption") : HTML(" preemptions"));
	}
}

static void replay_write(struct html *html, const struct case_view *case_view)
{
	const char *token = field_text(case_view->json, "token");

	html_put(html, HTML("<div class=run><p>"));
	shortest_write(html, case_view);
	html_put(html, HTML("</p>"));
	if (*token) {
		html_put(html, HTML("<code id=replay tabindex=0 role=region "
				    "aria-label='Replay command'>build/snarl replay "));
		html_text_upto(html, token, TOKEN_MAX);
		html_put(html, HTML("</code>"));
	}
	html_put(html, HTML("</div>\n"));
}

static void header_write(struct html *html, const struct report *report,
	const struct case_view *case_view, bool has_twin)
{
	html_put(html, HTML("<header>"));
	crumbs_write(html, report, case_view, has_twin);
	heading_write(html, case_view);
	verdict_write(html, case_view);
	replay_write(html, case_view);
	html_put(html, HTML("</header>\n"));
}

/* --- outcomes ------------------------------------------------------------------------------ */

static bool outcome_allowed(const json_t *outcome)
{
	const char *kinds = field_text(outcome, "kinds");

	return !*kinds || is(kinds, "clean");
}

static void outcome_row_write(struct html *html, const json_t *outcome, int64_t total)
{
	int64_t count = field_integer(outcome, "count", 0);
	double share = total > 0 ? (double)count / (double)total : 0;
	const char *message = field_text(outcome, "message");
	bool allowed = outcome_allowed(outcome);

	html_put(html, allowed ? HTML("<tr class=allowed><th scope=row>")
			       : HTML("<tr class=forbidden><th scope=row>"));
	html_text_upto(html, field_text(outcome, "label"), PAGE_WORD_MAX);
	html_put(html, allowed ? HTML("</th><td class=nowrap>○ allowed</td><td class=n>")
			       : HTML("</th><td class=nowrap>✗ forbidden</td><td class=n>"));
	html_number(html, count);
	html_put(html, HTML("</td><td class=n>"));
	html_share(html, share);
	html_put(html, HTML("</td><td>"));
	chart_bar(html, share);
	html_put(html, HTML("</td><td>"));
	if (!allowed) {
		kinds_write(html, field_text(outcome, "kinds"));
		html_put(html, *message ? HTML(": ") : HTML(""));
	}
	html_text_upto(html, *message ? message : allowed ? "as required" : "", 2 * PAGE_WORD_MAX);
	html_put(html, HTML("</td></tr>\n"));
}

/*
 * Zero failures in N executions do not prove a zero rate: the rule of three (Hanley and
 * Lippman-Hand 1983).
 */
static void rule_of_three_write(struct html *html, int64_t executions)
{
	html_put(html, HTML("<p>No check failed: 0 of "));
	html_number(html, executions);
	html_put(html, HTML(" executions; if they were independent, the true rate is &lt; 3/"));
	html_number(html, executions);
	html_textf(html, " = %.2g at 95 %%", executions > 3 ? 3.0 / (double)executions : 1.0);
	html_put(html, HTML(".</p>\n"));
}

static void outcome_rows_write(
	struct html *html, const json_t *outcomes, size_t from, size_t to, int64_t total)
{
	scroll_begin(html, from ? "More outcomes, scrollable" : "Outcomes, scrollable");
	html_put(html, HTML("<table><caption class=vh>What the check found, and how often"
			    "</caption><thead><tr><th scope=col>Outcome</th>"
			    "<th scope=col>Class</th><th scope=col class=n>Executions</th>"
			    "<th scope=col class=n>Share</th><th scope=col>Bar</th>"
			    "<th scope=col>Meaning</th></tr></thead><tbody>\n"));
	for (size_t i = from; i < to; i++)
		outcome_row_write(html, json_array_get(outcomes, i), total);
	html_put(html, HTML("</tbody></table>\n"));
	scroll_end(html);
}

static void outcomes_write(struct html *html, const struct case_view *case_view)
{
	const json_t *outcomes = field_array(case_view->json, "outcomes"), *outcome;
	size_t i, all = json_array_size(outcomes), most = all < OUTCOMES_MAX ? all : OUTCOMES_MAX;
	int64_t total = 0;
	char *words;

	if (!all && case_view->executions <= 0)
		return;
	json_array_foreach(outcomes, i, outcome)
		total += field_integer(outcome, "count", 0);
	total = total > case_view->executions ? total : case_view->executions;
	words = format("%zu", all);
	fold_begin(html, HTML("outcomes"), HTML("Outcomes"), words, false);
	free(words);
	html_put(html, HTML("<p>What the check found after each of "));
	html_number(html, case_view->executions);
	html_put(html, case_view->executions == 1 ? HTML(" execution.</p>\n")
						  : HTML(" executions.</p>\n"));
	if (all)
		outcome_rows_write(
			html, outcomes, 0, most < OUTCOMES_OPEN ? most : OUTCOMES_OPEN, total);
	if (most > OUTCOMES_OPEN) {
		html_put(html, HTML("<details><summary>"));
		html_number(html, (int64_t)(most - OUTCOMES_OPEN));
		html_put(html, HTML(" more</summary>\n"));
		outcome_rows_write(html, outcomes, OUTCOMES_OPEN, most, total);
		html_put(html, HTML("</details>\n"));
		showing_write(html, OUTCOMES_MAX, all, HTML("outcomes"));
	}
	if (!case_view->failures && case_view->executions > 0)
		rule_of_three_write(html, case_view->executions);
	fold_end(html);
}

/* --- output -------------------------------------------------------------------------------- */

static void output_write(struct html *html, const struct case_view *case_view)
{
	const char *output = field_text(case_view->json, "output");

	if (!*output)
		return;
	fold_begin(html, HTML("output"), HTML("Output"), "", false);
	html_put(html, HTML("<pre tabindex=0 role=region aria-label='Output, scrollable'><code>"));
	html_text_upto(html, output, PAGE_OUTPUT_MAX);
	html_put(html, HTML("</code></pre>\n"));
	fold_end(html);
}

/* --- environment and history --------------------------------------------------------------- */

static void history_write(
	struct html *html, const struct report *report, const struct case_view *case_view)
{
	json_t *history = store_history(
		report->store, case_view->scenario, case_view->variant, case_view->engine);
	size_t all = json_array_size(history);

	if (all) {
		fold_begin(html, HTML("history"), HTML("History of this case"), "", false);
		scroll_begin(html, "History of this case, scrollable");
		html_put(html,
			HTML("<table><caption class=vh>Results of this case, newest first</caption>"
			     "<thead><tr><th scope=col class=n>Run</th><th scope=col>Began</th>"
			     "<th scope=col>Outcome</th><th scope=col>Verdict</th>"
			     "<th scope=col class=n>Executions</th>"
			     "<th scope=col class=n>Seconds</th></tr></thead><tbody>\n"));
		for (size_t i = 0; i < all && i < HISTORY_MAX; i++) {
			const json_t *entry = json_array_get(history, i);
			int64_t run = field_integer(entry, "run", 0);

			html_put(html, HTML("<tr><th scope=row class=n>"));
			html_number(html, run);
			html_put(html, run == case_view->run
					       ? HTML(" (this page)</th><td class=nowrap>")
					       : HTML("</th><td class=nowrap>"));
			time_write(html, field_text(entry, "began"));
			html_put(html, HTML("</td><td>"));
			html_put(html, outcome_glyph(field_text(entry, "outcome")));
			html_put(html, HTML(" "));
			html_text_upto(html, field_text(entry, "outcome"), PAGE_WORD_MAX);
			html_put(html, HTML("</td><td>"));
			html_text_upto(html, field_text(entry, "verdict"), PAGE_WORD_MAX);
			html_put(html, HTML("</td><td class=n>"));
			html_number(html, field_integer(entry, "executions", 0));
			html_put(html, HTML("</td><td class=n>"));
			html_textf(html, "%.2f", field_real(entry, "seconds"));
			html_put(html, HTML("</td></tr>\n"));
		}
		html_put(html, HTML("</tbody></table>\n"));
		scroll_end(html);
		showing_write(html, HISTORY_MAX, all, HTML("results"));
		fold_end(html);
	}
	json_decref(history);
}

static void environment_section_write(
	struct html *html, const struct report *report, const struct case_view *case_view)
{
	const json_t *run = report_run(report, case_view->run);

	fold_begin(html, HTML("environment"), HTML("Environment"), "", false);
	html_put(html, HTML("<p class=note>Run "));
	html_number(html, case_view->run);
	html_put(html, HTML(", begun "));
	time_write(html, field_text(run, "began"));
	html_put(html, HTML(".</p>\n"));
	environment_write(html, json_object_get(run, "environment"));
	fold_end(html);
}

/* --- the page ------------------------------------------------------------------------------ */

/* The page of the engine that records interleavings, for the same variant. */
static const struct case_view *recorded_find(
	const struct report *report, const struct case_view *case_view)
{
	for (size_t i = 0; i < report->count; i++) {
		const struct case_view *other = &report->cases[i];

		if (same_variant(other, case_view) && case_view_has_page(other) &&
			json_array_size(field_array(other->json, "trace")))
			return other;
	}
	return NULL;
}

/* No order of steps was recorded: say so, and where one was. */
static void unrecorded_write(
	struct html *html, const struct report *report, const struct case_view *case_view)
{
	const struct case_view *recorded = recorded_find(report, case_view);
	char name[PAGE_NAME_MAX];

	html_put(html, HTML("<p>"));
	html_text_upto(html, case_view->engine, PAGE_WORD_MAX);
	html_put(html, HTML(" recorded no interleaving"));
	if (recorded) {
		html_wrap(html, HTML("; <a href='"),
			page_name(name, recorded->scenario, recorded->variant, recorded->engine),
			HTML("'>"));
		html_text_upto(html, recorded->engine, PAGE_WORD_MAX);
		html_put(html, HTML("'s page of this variant</a> shows one step by step"));
	}
	html_put(html, HTML(".</p>\n"));
}

/*
 * The picture, on the first screen: the recorded interleaving; else the stacks of those that wait,
 * or that race; else the textbook's.
 */
static void picture_write(struct html *html, const struct report *report,
	const struct case_view *case_view, const struct sources *sources)
{
	bool measured = json_array_size(field_array(case_view->json, "trace")) > 0;
	bool waits = no_progress_has(case_view);
	bool races = json_array_size(field_array(case_view->json, "races")) > 0;

	if (measured)
		interleaving_write(html, case_view, sources);
	else
		unrecorded_write(html, report, case_view);
	if (!measured && waits)
		no_progress_write(html, case_view, sources, true);
	else if (!measured && races)
		races_write(html, case_view, sources, true);
	textbook_write(html, sources, !measured && !waits && !races);
}

static void evidence_write(struct html *html, const struct report *report,
	const struct case_view *case_view, const struct sources *sources, const struct fix *fix)
{
	bool measured = json_array_size(field_array(case_view->json, "trace")) > 0;
	bool waits = no_progress_has(case_view);

	messages_write(html, case_view);
	ledger_write(html, case_view);
	if (measured)
		no_progress_write(html, case_view, sources, false);
	sources_write(html, sources);
	outcomes_write(html, case_view);
	rates_write(html, report, case_view);
	if (measured || waits)
		races_write(html, case_view, sources, false);
	output_write(html, case_view);
	fix_write(html, fix, sources);
	environment_section_write(html, report, case_view);
	history_write(html, report, case_view);
}

int failure_write(const struct report *report, const struct case_view *case_view)
{
	char name[PAGE_NAME_MAX];
	struct html *html = html_open(report->folder,
		page_name(name, case_view->scenario, case_view->variant, case_view->engine));
	struct sources *sources = sources_load(report, case_view);
	struct fix fix = fix_load(report, case_view, sources);
	bool measured = json_array_size(field_array(case_view->json, "trace")) > 0;
	char *title = format("%.64s/%.64s: %.64s under %.64s", case_view->scenario,
		case_view->variant, case_view->verdict, case_view->engine);

	html_begin(html, title, measured);
	header_write(html, report, case_view, fix_has(&fix));
	html_put(html, HTML("<main>\n"));
	picture_write(html, report, case_view, sources);
	facts_write(html, case_view);
	evidence_write(html, report, case_view, sources, &fix);
	html_put(html, HTML("</main>\n"));
	html_end(html);
	fix_free(&fix);
	sources_free(sources);
	free(title);
	return html_close(html);
}
