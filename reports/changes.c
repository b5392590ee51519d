/* changes.c - what changed between runs, and the runs of the store. */
#include "changes.h"

#include <string.h>

#include "field.h"
#include "text.h"

enum {
	CHANGES_MAX = 12,	  /* listed for a run */
	CHANGES_CHOSEN_MAX = 200, /* for one that was asked for */
};

/*
 * The cases of the report against the outcomes that an earlier run left. A case is gone if that run
 * had it, and the report has not.
 */
struct comparison {
	const json_t *outcomes;
	size_t changed, new, gone;
};

static int name_compare(const struct case_view *case_view, const json_t *outcome)
{
	int order = strcmp(case_view->scenario, field_text(outcome, "scenario"));

	if (!order)
		order = strcmp(case_view->variant, field_text(outcome, "variant"));
	return order ? order : strcmp(case_view->engine, field_text(outcome, "engine"));
}

/* The case as it was then; NULL if it was not there. The outcomes are ordered by name. */
static const json_t *case_then(const json_t *outcomes, const struct case_view *case_view)
{
	size_t from = 0, to = json_array_size(outcomes);

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		const json_t *outcome = json_array_get(outcomes, middle);
		int order = name_compare(case_view, outcome);

		if (!order)
			return outcome;
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return NULL;
}

static bool changed(const struct case_view *case_view, const json_t *then)
{
	return then && !is(field_text(then, "outcome"), case_view->outcome);
}

/* How many of the outcomes are of that run itself. */
static size_t own_count(const json_t *outcomes, int64_t run)
{
	const json_t *outcome;
	size_t i, count = 0;

	json_array_foreach(outcomes, i, outcome)
		count += field_integer(outcome, "run", 0) == run;
	return count;
}

static struct comparison compare(const struct report *report, int64_t run, const json_t *outcomes)
{
	struct comparison comparison = {.outcomes = outcomes, .gone = own_count(outcomes, run)};

	for (size_t i = 0; i < report->count; i++) {
		const json_t *then = case_then(outcomes, &report->cases[i]);

		comparison.new += !then;
		comparison.gone -= then && field_integer(then, "run", 0) == run;
		comparison.changed += changed(&report->cases[i], then);
	}
	/* A run alone need not have all cases. */
	comparison.gone = report->run ? 0 : comparison.gone;
	return comparison;
}

static void change_write(struct html *html, const struct case_view *case_view, const char *then)
{
	html_put(html, HTML("<li>"));
	case_link_write(html, case_view);
	html_put(html, HTML(": "));
	outcome_write(html, then);
	html_put(html, HTML(" → "));
	outcome_write(html, case_view->outcome);
	html_put(html, HTML("</li>\n"));
}

/* What alarms now comes first. */
static void list_write(struct html *html, const struct report *report,
	const struct comparison *comparison, size_t most)
{
	size_t left = most;

	if (!comparison->changed)
		return;
	html_put(html, HTML("<ul class=plain>\n"));
	for (int calm = 0; calm < 2; calm++)
		for (size_t i = 0; i < report->count && left; i++) {
			const struct case_view *case_view = &report->cases[i];
			const json_t *then = case_then(comparison->outcomes, case_view);

			if (!changed(case_view, then) || case_view_alarms(case_view) == (bool)calm)
				continue;
			change_write(html, case_view, field_text(then, "outcome"));
			left--;
		}
	html_put(html, HTML("</ul>\n"));
	showing_write(html, most - left, comparison->changed, HTML("changes"));
}

static void counts_write(struct html *html, const struct comparison *comparison)
{
	if (comparison->changed)
		html_number(html, (int64_t)comparison->changed);
	else
		html_put(html, HTML("no"));
	html_put(html,
		comparison->changed < 2 ? HTML(" outcome changed") : HTML(" outcomes changed"));
	if (comparison->new) {
		html_put(html, HTML(", "));
		html_number(html, (int64_t)comparison->new);
		html_put(
			html, comparison->new == 1 ? HTML(" case is new") : HTML(" cases are new"));
	}
	if (comparison->gone) {
		html_put(html, HTML(", "));
		html_number(html, (int64_t)comparison->gone);
		html_put(html,
			comparison->gone == 1 ? HTML(" case is gone") : HTML(" cases are gone"));
	}
}

/* "Since run 12, begun 2026-11-27 04:32:00 UTC: 3 outcomes changed" */
static void since_write(struct html *html, const struct report *report, int64_t run,
	const struct comparison *comparison)
{
	html_put(html, HTML("Since run "));
	html_number(html, run);
	html_put(html, HTML(", begun "));
	time_write(html, field_text(report_run(report, run), "began"));
	html_put(html, HTML(": "));
	counts_write(html, comparison);
}

/* The run whose results are newest in the report. */
static int64_t run_shown(const struct report *report)
{
	return report->run ? report->run : field_integer(json_array_get(report->runs, 0), "run", 0);
}

static void others_write(struct html *html, const struct report *report, int64_t base)
{
	const json_t *entry;
	size_t i, shown = 0;

	json_array_foreach(report->runs, i, entry) {
		int64_t run = field_integer(entry, "run", 0);
		struct comparison comparison;
		json_t *outcomes;

		if (run >= run_shown(report) || run == base)
			continue;
		if (shown++ == PAGE_RUNS_MAX)
			break;
		outcomes = store_outcomes_after(report->store, run);
		comparison = compare(report, run, outcomes);
		html_put(html, HTML("<details><summary>"));
		since_write(html, report, run, &comparison);
		html_put(html, HTML("</summary>\n"));
		list_write(html, report, &comparison, CHANGES_MAX);
		html_put(html, HTML("</details>\n"));
		json_decref(outcomes);
	}
}

void changes_write(struct html *html, const struct report *report)
{
	int64_t base =
		report->since ? report->since : store_comparable(report->store, run_shown(report));
	json_t *outcomes;
	struct comparison comparison;

	if (json_array_size(report->runs) < 2)
		return;
	html_put(html,
		HTML("<section aria-labelledby=h-changes><h2 id=h-changes>What changed</h2>\n"));
	if (base) {
		outcomes = store_outcomes_after(report->store, base);
		comparison = compare(report, base, outcomes);
		html_put(html, HTML("<p>"));
		since_write(html, report, base, &comparison);
		html_put(html, HTML(".</p>\n"));
		list_write(html, report, &comparison,
			report->since ? CHANGES_CHOSEN_MAX : CHANGES_MAX);
		json_decref(outcomes);
	} else {
		html_put(html, HTML("<p>No earlier run has at least half of the newest run's "
				    "cases.</p>\n"));
	}
	html_put(html, HTML("<details class=since><summary>Since another run</summary>\n"));
	others_write(html, report, base);
	html_put(html, HTML("<p class=note>Each case is compared with its newest result up to "
			    "that run. <code>snarl report --since N</code> lists what changed "
			    "since run N.</p></details>\n</section>\n"));
}

/* --- runs ---------------------------------------------------------------------------------- */

static void tally_write(struct html *html, const json_t *tallies, int64_t run)
{
	bool first = true;
	const json_t *tally;
	size_t i;

	json_array_foreach(tallies, i, tally) {
		if (field_integer(tally, "run", 0) != run)
			continue;
		html_put(html, first ? HTML("") : HTML(", "));
		html_number(html, field_integer(tally, "count", 0));
		html_put(html, HTML(" "));
		html_text_upto(html, field_text(tally, "outcome"), PAGE_WORD_MAX);
		first = false;
	}
}

void runs_write(struct html *html, const struct report *report)
{
	size_t count = json_array_size(report->runs);
	json_t *tallies = store_tallies(report->store);

	count = count < PAGE_RUNS_MAX ? count : PAGE_RUNS_MAX;
	html_put(html,
		HTML("<section aria-labelledby=h-runs><h2 id=h-runs>Runs in this store</h2>\n"));
	scroll_begin(html, "Runs in this store, scrollable");
	html_put(html, HTML("<table><caption class=vh>Runs, newest first</caption><thead><tr>"
			    "<th scope=col class=n>Run</th><th scope=col>Began</th>"
			    "<th scope=col>How it ended</th><th scope=col>Outcomes</th>"
			    "</tr></thead><tbody>\n"));
	for (size_t i = 0; i < count; i++) {
		const json_t *run = json_array_get(report->runs, i);
		const char *how = field_text(run, "how");

		html_put(html, HTML("<tr><th scope=row class=n>"));
		html_number(html, field_integer(run, "run", 0));
		html_put(html, HTML("</th><td class=nowrap>"));
		time_write(html, field_text(run, "began"));
		html_put(html, HTML("</td><td>"));
		html_text_upto(html, *how ? how : "still running, or killed", PAGE_WORD_MAX);
		html_put(html, HTML("</td><td>"));
		tally_write(html, tallies, field_integer(run, "run", 0));
		html_put(html, HTML("</td></tr>\n"));
	}
	html_put(html, HTML("</tbody></table>\n"));
	scroll_end(html);
	showing_write(html, count, json_array_size(report->runs), HTML("runs"));
	html_put(html, HTML("</section>\n"));
	json_decref(tallies);
}
