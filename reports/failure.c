/*
 * failure.c - the page of one case: what went wrong in a sentence, then all that leads to it, from
 * the interleaving down to the machine it ran on.
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chart.h"
#include "diff.h"
#include "field.h"
#include "interleaving.h"
#include "ledger_table.h"
#include "messages.h"
#include "page.h"
#include "races.h"
#include "source.h"
#include "standstill.h"
#include "text.h"

enum {
	OUTCOMES_MAX = 48,
	INJECTIONS_MAX = 16,
	OBSERVED_MAX = 16,
	HISTORY_MAX = 20,
	DIFF_LINES_MAX = 300,
	RATES_MAX = 8,
	TOKEN_MAX = 4096,
};

/* A sentence's end, unless the sentence came with one. */
static void sentence_write(struct html *html, const char *sentence)
{
	size_t length = strlen(sentence);

	html_text_upto(html, sentence, PAGE_TEXT_MAX);
	html_put(html, length && strchr(".!?", sentence[length - 1]) ? HTML(" ") : HTML(". "));
}

/* "overwrite|lost-item" as a person writes it. */
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

/* --- verdict and facts
 * ---------------------------------------------------------------------------- */

static void verdict_write(struct html *html, const struct shown *shown)
{
	html_put(html, HTML("<p class=lead><span class='verdict "));
	html_put(html, outcome_class(shown->outcome));
	html_put(html, HTML("'>"));
	html_put(html, is(shown->outcome, "caught") ? HTML("✗") : outcome_glyph(shown->outcome));
	html_put(html, HTML(" "));
	if (is(shown->outcome, "MISSED") || is(shown->outcome, "FALSE ALARM"))
		html_textf(html, "%s: ", shown->outcome);
	html_text_upto(html, shown->verdict, PAGE_WORD_MAX);
	html_put(html, HTML(".</span> "));
	if (*shown->message)
		sentence_write(html, shown->message);
	if (is(shown->outcome, "MISSED") || is(shown->outcome, "FALSE ALARM")) {
		html_put(html, HTML("The variant declares that this engine sees "));
		kinds_write(html, is(shown->expected, "clean") ? "nothing" : shown->expected);
		html_put(html, HTML(". "));
	}
	if (shown->first >= 0) {
		html_put(html, HTML("Seen first in execution "));
		html_number(html, shown->first);
		html_put(html, HTML(", counted from 0."));
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

/* What the schedule is like, and what it was before it was shrunk. */
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
		html_put(html, HTML("it was found as short as this"));
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

static void facts_write(struct html *html, const struct shown *shown)
{
	size_t races = json_array_size(field_array(shown->json, "races"));
	const char *oracle = field_text(shown->json, "oracle");

	html_put(html, HTML("<dl class=facts>\n"));
	fact_text(html, HTML("Engine"), shown->engine);
	fact_text(html, HTML("Outcome"), shown->outcome);
	fact_number(html, HTML("Executions"), shown->executions);
	fact_number(html, HTML("Executions that failed"), shown->failures);
	if (shown->first >= 0)
		fact_number(html, HTML("First failure in execution (from 0)"), shown->first);
	shape_write(html, json_object_get(shown->json, "shape"));
	fact_text(html, HTML("Coverage"), field_text(shown->json, "coverage"));
	if (field_is(shown->traits, "memory_model", "sequentially consistent"))
		fact_text(html, HTML("Memory model"),
			"sequentially consistent; weaker behaviours of the machine are not "
			"explored");
	fact_begin(html, HTML("Time"));
	html_textf(html, "%.3f s", shown->seconds);
	fact_end(html);
	if (*oracle) {
		fact_begin(html, HTML("The oracle saw"));
		kinds_write(html, is(oracle, "clean") ? "nothing wrong" : oracle);
		fact_end(html);
	}
	if (races || field_is(shown->traits, "witness", "tsan")) {
		fact_begin(html, field_is(shown->traits, "witness", "tsan")
					 ? HTML("ThreadSanitizer saw")
					 : HTML("Races seen"));
		html_number(html, (int64_t)races);
		if (field_is(shown->traits, "witness", "tsan"))
			html_put(html, races == 1 ? HTML(" fault") : HTML(" faults"));
		fact_end(html);
	}
	observed_write(html, field_array(shown->json, "observed"));
	seed_write(html, shown->json);
	fact_text(html, HTML("Settings that caught it"), field_text(shown->json, "arm"));
	injections_write(html, field_array(shown->json, "injections"));
	fact_text(html, HTML("Declared of this engine"),
		field_text(
			json_object_get(json_object_get(shown->catalog, "expect"), shown->engine),
			"why"));
	fact_text(html, HTML("Described in"), field_text(shown->json, "refs"));
	html_put(html, HTML("</dl>\n"));
}

static void header_write(struct html *html, const struct shown *shown)
{
	html_put(html, HTML("<header><p><a href=index.html>All cases</a></p>\n<h1>"));
	html_text_upto(html, shown->scenario, PAGE_WORD_MAX);
	html_put(html, HTML("/<wbr>"));
	html_text_upto(html, shown->variant, PAGE_WORD_MAX);
	html_put(html, HTML(": "));
	html_text_upto(html, shown->verdict, PAGE_WORD_MAX);
	html_put(html, HTML(" under "));
	html_text_upto(html, shown->engine, PAGE_WORD_MAX);
	html_put(html, HTML("</h1>\n"));
	verdict_write(html, shown);
	if (*field_text(shown->json, "summary")) {
		html_put(html, HTML("<p class=note>The variant: "));
		sentence_write(html, field_text(shown->json, "summary"));
		html_put(html, HTML("</p>\n"));
	}
	html_put(html, HTML("</header>\n"));
}

/* --- outcomes
 * ------------------------------------------------------------------------------------- */

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
	html_text_upto(html,
		*message  ? message
		: allowed ? "as it must be"
			  : "",
		2 * PAGE_WORD_MAX);
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

static void outcomes_write(struct html *html, const struct shown *shown)
{
	const json_t *outcomes = field_array(shown->json, "outcomes"), *outcome;
	size_t i, all = json_array_size(outcomes);
	int64_t total = 0;

	if (!all && shown->executions <= 0)
		return;
	json_array_foreach(outcomes, i, outcome)
		total += field_integer(outcome, "count", 0);
	html_put(html, HTML("<section aria-labelledby=outcomes><h2 id=outcomes>Outcomes of "));
	html_number(html, shown->executions);
	html_put(html,
		shown->executions == 1 ? HTML(" execution</h2>\n") : HTML(" executions</h2>\n"));
	if (all) {
		scroll_begin(html, "Outcomes, scrollable");
		html_put(html, HTML("<table><caption class=vh>What the check found, and how often"
				    "</caption><thead><tr><th scope=col>Outcome</th>"
				    "<th scope=col>Class</th><th scope=col class=n>Executions</th>"
				    "<th scope=col class=n>Share</th><th scope=col>Bar</th>"
				    "<th scope=col>Meaning</th></tr></thead><tbody>\n"));
		for (i = 0; i < all && i < OUTCOMES_MAX; i++)
			outcome_row_write(html, json_array_get(outcomes, i),
				total > shown->executions ? total : shown->executions);
		html_put(html, HTML("</tbody></table>\n"));
		scroll_end(html);
		showing_write(html, OUTCOMES_MAX, all, HTML("outcomes"));
	}
	if (!shown->failures && shown->executions > 0)
		rule_of_three_write(html, shown->executions);
	html_put(html, HTML("</section>\n"));
}

/* --- rates
 * ---------------------------------------------------------------------------------------- */

/* Results of one case under the same rules. */
struct rate {
	json_t *rules; /* an array, or NULL: none */
	struct sample sample;
};

static bool same_rules(const json_t *a, const json_t *b)
{
	return (!json_array_size(a) && !json_array_size(b)) || json_equal(a, b);
}

static bool case_is(const json_t *json, const struct shown *shown)
{
	return is(field_text(json, "variant"), shown->variant) &&
	       is(field_text(json, "scenario"), shown->scenario) &&
	       is(field_text(json, "engine"), shown->engine);
}

/* A rule that never fired changed nothing: its result says nothing about with or without. */
static bool rules_fired(const json_t *json)
{
	const json_t *injections = field_array(json, "injections"), *injection;
	size_t i;

	if (!json_array_size(field_array(json, "rules")))
		return true;
	json_array_foreach(injections, i, injection)
		if (field_integer(injection, "count", 0) > 0)
			return true;
	return false;
}

/* Count a result with those of the same rules; how many sets of rules there are now. */
static unsigned rate_add(struct rate rates[static RATES_MAX], unsigned count, const json_t *json)
{
	double failures = (double)field_integer(json, "failures", 0);
	double executions = (double)field_integer(json, "executions", 0);
	json_t *rules = field_array(json, "rules");
	unsigned at = 0;

	if (executions <= 0 || failures < 0 || failures > executions || !rules_fired(json))
		return count;
	while (at < count && !same_rules(rates[at].rules, rules))
		at++;
	if (at == RATES_MAX)
		return count;
	if (at == count)
		rates[count++] = (struct rate){.rules = rules};
	sample_add(&rates[at].sample, failures, executions);
	return count;
}

/* Sets of rules with enough runs to say something; how many. */
static unsigned rates_find(
	const struct report *report, const struct shown *shown, struct rate rates[static RATES_MAX])
{
	const json_t *entry, *json;
	unsigned count = 0, kept = 0;
	size_t i, k;

	json_array_foreach(report->earlier, i, entry) {
		json_array_foreach(field_array(entry, "cases"), k, json)
			if (case_is(json, shown))
				count = rate_add(rates, count, json);
	}
	for (unsigned at = 0; at < count; at++)
		if (rates[at].sample.runs >= SAMPLE_RUNS_MIN)
			rates[kept++] = rates[at];
	return kept;
}

static void rate_write(struct html *html, const struct rate *rate, double most)
{
	const struct sample *sample = &rate->sample;
	struct interval interval = sample_interval(sample);
	double share = sample->hits / sample->trials;

	html_put(html, HTML("<tr><th scope=row>"));
	if (!json_array_size(rate->rules))
		html_put(html, HTML("no injection"));
	for (size_t i = 0; i < json_array_size(rate->rules) && i < INJECTIONS_MAX; i++) {
		const char *rule = json_string_value(json_array_get(rate->rules, i));

		html_put(html, HTML("<code class=line>"));
		html_text_upto(html, rule ? rule : "", PAGE_WORD_MAX);
		html_put(html, HTML("</code> "));
	}
	html_put(html, HTML("</th><td class=n>"));
	html_number(html, sample->runs);
	html_put(html, HTML("</td><td class=n>"));
	html_number(html, (int64_t)sample->hits);
	html_put(html, HTML(" of "));
	html_number(html, (int64_t)sample->trials);
	html_put(html, HTML("</td><td class=n>"));
	html_textf(html, "%.2g", share);
	html_put(html, HTML("</td><td class=n>"));
	html_textf(html, "%.2g to %.2g", sample->least, sample->most);
	html_put(html, HTML("</td><td class=n>"));
	html_textf(html, "%.2g to %.2g", interval.low, interval.high);
	html_put(html, HTML("</td><td>"));
	chart_interval(html, interval, share, most);
	html_put(html, HTML("</td></tr>\n"));
}

static void rates_write(struct html *html, const struct report *report, const struct shown *shown)
{
	struct rate rates[RATES_MAX];
	unsigned count = rates_find(report, shown, rates), with = 0;
	double most = 0;

	for (unsigned i = 0; i < count; i++) {
		struct interval interval = sample_interval(&rates[i].sample);

		with += json_array_size(rates[i].rules) > 0;
		most = interval.high > most ? interval.high : most;
	}
	if (!with || with == count)
		return;
	html_put(html, HTML("<section aria-labelledby=rates><h2 id=rates>With and without "
			    "injections</h2>\n"));
	scroll_begin(html, "Rates with and without injections, scrollable");
	html_put(html,
		HTML("<table><caption>Failing executions of this case in this store's newest runs. "
		     "The intervals are Wilson's at 95 %, as wide as the runs differ from each "
		     "other: executions of one run are not independent. Where they overlap, no "
		     "difference is shown. A run may stop at its first failure, and its source "
		     "may have been another.</caption><thead><tr>"
		     "<th scope=col>Rules</th><th scope=col class=n>Runs</th>"
		     "<th scope=col class=n>Failing</th><th scope=col class=n>Rate</th>"
		     "<th scope=col class=n>Single runs</th>"
		     "<th scope=col class=n>95 %</th><th scope=col>Interval</th>"
		     "</tr></thead><tbody>\n"));
	for (unsigned i = 0; i < count; i++)
		rate_write(html, &rates[i], most);
	html_put(html, HTML("</tbody></table>\n"));
	scroll_end(html);
	html_put(html, HTML("</section>\n"));
}

/* --- replay, output, fix
 * -------------------------------------------------------------------------- */

static void replay_write(struct html *html, const struct shown *shown)
{
	const char *token = field_text(shown->json, "token");

	if (!*token)
		return;
	html_put(html,
		HTML("<section aria-labelledby=replay><h2 id=replay>Replay</h2>\n"
		     "<pre class='wrap copy' tabindex=0 role=region aria-label='Replay command'>"
		     "<code>build/snarl replay "));
	html_text_upto(html, token, TOKEN_MAX);
	html_put(html, HTML("</code></pre>\n"));
	if (field_is(shown->traits, "replays", "settings"))
		html_put(html, HTML("<p class=note>It runs the same executions under the same "
				    "settings and the "
				    "same injections; the processor may still order them "
				    "otherwise.</p>\n"));
	html_put(html, HTML("</section>\n"));
}

static void output_write(struct html *html, const struct shown *shown)
{
	const char *output = field_text(shown->json, "output");

	if (!*output)
		return;
	html_put(html, HTML("<section aria-labelledby=output><h2 id=output>What it printed</h2>\n"
			    "<pre tabindex=0 role=region aria-label='Output, scrollable'><code>"));
	html_text_upto(html, output, PAGE_OUTPUT_MAX);
	html_put(html, HTML("</code></pre></section>\n"));
}

/* A source behind its head comment, which tells another story in each variant; lines passed by. */
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

/* The nearest correct variant: the one that needs the fewest changes. */
struct fix {
	char *diff; /* of the code; NULL: diff did not run */
	const char *path;
	int64_t before, after; /* lines of head comments above the code */
};

static struct fix fix_find(const struct sources *sources, const json_t *correct)
{
	struct fix fix = {.diff = NULL};
	size_t i, changed, least = SIZE_MAX;
	int64_t before, after;
	const char *code = code_of(sources_text(sources), &before);
	const json_t *json;

	json_array_foreach(correct, i, json) {
		const char *name = field_text(json, "path");
		const char *other = code_of(field_text(json, "text"), &after);
		char *text;

		if (is(name, sources_path(sources)))
			continue;
		text = diff_unified(sources_path(sources), code, name, other, &changed);
		if (!text || changed >= least) {
			free(text);
			continue;
		}
		least = changed;
		free(fix.diff);
		fix = (struct fix){text, name, before, after};
	}
	return fix;
}

/* "@@ -3,7 +3,8 @@" counts from the code's first line; write it as the files count. */
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

static void diff_write(struct html *html, const struct fix *fix)
{
	const char *diff = fix->diff;
	size_t lines = 0;

	html_put(html, HTML("<pre class=diff tabindex=0 role=region aria-label='The fix as a "
			    "diff'><code>"));
	for (; *diff; diff += *diff == '\n', lines++) {
		size_t length = strcspn(diff, "\n");

		/* The names above the first hunk stand in the sentence. */
		if (lines >= 2 && lines < DIFF_LINES_MAX + 2)
			diff_line_write(
				html, diff, length < PAGE_TEXT_MAX ? length : PAGE_TEXT_MAX, fix);
		diff += length;
	}
	html_put(html, HTML("</code></pre>\n"));
	showing_write(html, DIFF_LINES_MAX, lines - 2, HTML("lines"));
}

static void fix_write(struct html *html, const struct report *report, const struct shown *shown,
	const struct sources *sources)
{
	json_t *correct;
	struct fix fix;

	if (shown->correct || !*sources_text(sources))
		return;
	correct = store_correct_sources(report->store, shown->run, shown->scenario);
	fix = fix_find(sources, correct);
	if (fix.diff && *fix.diff) {
		html_put(html, HTML("<section aria-labelledby=fix><h2 id=fix>The fix</h2>\n"
				    "<p>From <code>"));
		html_text_upto(html, sources_path(sources), PAGE_WORD_MAX);
		html_put(html, HTML("</code> to the nearest correct variant, <code>"));
		html_text_upto(html, fix.path, PAGE_WORD_MAX);
		html_put(html, HTML("</code>: lines with − go, lines with + come. "
				    "Their head comments are left out.</p>\n"));
		diff_write(html, &fix);
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

/* --- environment and history
 * ---------------------------------------------------------------------- */

static void history_write(struct html *html, const struct report *report, const struct shown *shown)
{
	json_t *history =
		store_history(report->store, shown->scenario, shown->variant, shown->engine);
	size_t all = json_array_size(history);

	if (all) {
		html_put(html, HTML("<section aria-labelledby=history><h2 id=history>History of "
				    "this case</h2>\n"));
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
			html_put(html, run == shown->run
					       ? HTML(" (this page)</th><td class=nowrap>")
					       : HTML("</th><td class=nowrap>"));
			html_text_upto(html, field_text(entry, "began"), PAGE_WORD_MAX);
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
		html_put(html, HTML("</section>\n"));
	}
	json_decref(history);
}

static void environment_section_write(
	struct html *html, const struct report *report, const struct shown *shown)
{
	const json_t *run = report_run(report, shown->run);

	html_put(html,
		HTML("<section aria-labelledby=environment><h2 id=environment>Environment</h2>\n"
		     "<p class=note>Run "));
	html_number(html, shown->run);
	html_put(html, HTML(", begun "));
	html_text_upto(html, field_text(run, "began"), PAGE_WORD_MAX);
	html_put(html, HTML(".</p>\n"));
	environment_write(html, json_object_get(run, "environment"));
	html_put(html, HTML("</section>\n"));
}

/* --- the page
 * ------------------------------------------------------------------------------------- */

int failure_write(const struct report *report, const struct shown *shown)
{
	char name[PAGE_NAME_MAX];
	struct html *html = html_open(
		report->folder, page_name(name, shown->scenario, shown->variant, shown->engine));
	struct sources *sources = sources_load(report, shown);
	bool measured = json_array_size(field_array(shown->json, "trace")) > 0;
	char *title = format("%.64s/%.64s: %.64s under %.64s", shown->scenario, shown->variant,
		shown->verdict, shown->engine);

	html_begin(html, title, measured);
	header_write(html, shown);
	html_put(html, HTML("<main>\n<section aria-labelledby=facts><h2 id=facts>Facts</h2>\n"));
	facts_write(html, shown);
	html_put(html, HTML("</section>\n"));
	if (measured)
		interleaving_write(html, shown, sources);
	else
		head_comment_write(html, shown, sources);
	messages_write(html, shown);
	ledger_write(html, shown);
	standstill_write(html, shown, sources);
	sources_write(html, sources);
	outcomes_write(html, shown);
	rates_write(html, report, shown);
	races_write(html, shown, sources);
	output_write(html, shown);
	replay_write(html, shown);
	fix_write(html, report, shown, sources);
	environment_section_write(html, report, shown);
	history_write(html, report, shown);
	html_put(html, HTML("</main>\n"));
	html_end(html);
	sources_free(sources);
	free(title);
	return html_close(html);
}
