/* index.c - the index: every case in a matrix, and what only a comparison of cases shows. */
#include "index.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "changes.h"
#include "exit.h"
#include "field.h"
#include "detection_page.h"
#include "ipc_page.h"
#include "kinds.h"
#include "matrix.h"
#include "text.h"

enum {
	SLOWEST_MAX = 10,
	ALARMS_MAX = 100,
};

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

/* --- the cases ----------------------------------------------------------------------------- */

static size_t alarms_count(const struct report *report, size_t from, size_t to)
{
	size_t count = 0;

	for (size_t i = from; i < to; i++)
		count += case_view_alarms(&report->cases[i]);
	return count;
}

static void jump_write(struct html *html, const struct report *report)
{
	char id[PAGE_NAME_MAX];

	html_put(html, HTML("<nav aria-label=Scenarios><ul class='plain jump'>\n"));
	for (size_t i = 0, end; i < report->count; i = end) {
		end = scenario_end(report, i);
		html_wrap(html, HTML("<li><a href='#s-"), name_id(id, report->cases[i].scenario),
			HTML("'>"));
		html_text_upto(html, report->cases[i].scenario, PAGE_WORD_MAX);
		html_put(html, alarms_count(report, i, end) ? HTML(" <b class=bad>✗</b></a></li>\n")
							    : HTML("</a></li>\n"));
	}
	html_put(html, HTML("</ul></nav>\n"));
}

static void group_write(struct html *html, const struct report *report, size_t from, size_t to,
	const struct engines *engines)
{
	const char *scenario = report->cases[from].scenario;
	char id[PAGE_NAME_MAX], page[PAGE_NAME_MAX];

	html_wrap(html, HTML("<div class=group id='s-"), name_id(id, scenario), HTML("'><h3>"));
	html_wrap(html, HTML("<a href='"), scenario_page_name(page, scenario), HTML("'>"));
	html_text_upto(html, scenario, PAGE_WORD_MAX);
	html_put(html, HTML("</a></h3>\n"));
	matrix_write(html, report, from, to, engines, false);
	html_put(html, HTML("</div>\n"));
}

static void cases_write(
	struct html *html, const struct report *report, const struct engines *engines)
{
	html_put(html, HTML("<section aria-labelledby=h-matrix><h2 id=h-matrix>Cases</h2>\n"));
	if (!report->count) {
		html_put(html, HTML("<p>The store has no cases yet: run "
				    "<code>build/snarl run</code>.</p></section>\n"));
		return;
	}
	jump_write(html, report);
	html_put(html, HTML("<p class=ctl><label for=filter>Filter</label> <input id=filter "
			    "type=search placeholder='deadlock tsan' aria-describedby=keys> "
			    "<span id=said role=status></span> "
			    "<span class=note id=keys>Words, all of which a row must have; key /"
			    "</span></p>\n"
			    "<p class=note>One row per variant, one column per engine. Below each "
			    "outcome: the first execution that failed, counted from 0, and how "
			    "many of all did. A scenario's name leads to its page: what each "
			    "variant does, and the fix.</p>\n"));
	for (size_t i = 0, end; i < report->count; i = end) {
		end = scenario_end(report, i);
		group_write(html, report, i, end, engines);
	}
	html_put(html, HTML("</section>\n"));
}

/* --- what is not as declared --------------------------------------------------------------- */

static void alarms_write(struct html *html, const struct report *report)
{
	size_t all = alarms_count(report, 0, report->count), left = ALARMS_MAX;

	if (!all)
		return;
	html_put(html, HTML("<section aria-labelledby=h-alarms><h2 id=h-alarms>Failures</h2>\n"
			    "<ul class='plain alarms'>\n"));
	for (size_t i = 0; i < report->count && left; i++) {
		const struct case_view *case_view = &report->cases[i];

		if (!case_view_alarms(case_view))
			continue;
		html_put(html, HTML("<li>"));
		outcome_write(html, case_view->outcome);
		html_put(html, HTML(" "));
		case_link_write(html, case_view);
		html_put(html, HTML("<span class=effort>"));
		html_text_upto(html, case_view->message, PAGE_WORD_MAX);
		html_put(html, HTML("</span></li>\n"));
		left--;
	}
	html_put(html, HTML("</ul>\n"));
	showing_write(html, ALARMS_MAX - left, all, HTML("failures"));
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
		case_link_write(html, case_view);
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

/* How many shards of the newest campaign are in the store, and which are not. */
static void shards_write(struct html *html, struct store *store)
{
	json_t *campaigns = store_campaigns(store);
	const json_t *newest = json_array_get(campaigns, 0);
	const char *missing = field_text(newest, "missing");

	if (newest) {
		html_put(html,
			*missing ? HTML("<p><strong>Campaign ") : HTML("<p class=note>Campaign "));
		html_text_upto(html, field_text(newest, "campaign"), PAGE_WORD_MAX);
		html_put(html, HTML(": "));
		html_number(html, field_integer(newest, "done", 0));
		html_put(html, HTML(" of "));
		html_number(html, field_integer(newest, "shards", 0));
		html_put(html, *missing ? HTML(" shards; not complete: ") : HTML(" shards"));
		html_text_upto(html, missing, PAGE_WORD_MAX);
		html_put(html, *missing ? HTML("</strong></p>\n") : HTML(".</p>\n"));
	}
	json_decref(campaigns);
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
	time_write(html, field_text(run, "began"));
	html_put(html, HTML(".</p>\n"));
	if (!report->run)
		shards_write(html, report->store);
	html_put(html, HTML("</header>\n"));
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

	html_begin(
		html, "snarl: races and deadlocks", report->count ? HTML_FILTER : HTML_NO_SCRIPT);
	header_write(html, report);
	html_put(html, HTML("<main>\n"));
	alarms_write(html, report);
	changes_write(html, report);
	cases_write(html, report, &engines);
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
