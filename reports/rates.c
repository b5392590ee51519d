/* rates.c - how often one case failed, under the rules of each run. */
#include "rates.h"

#include "chart.h"
#include "field.h"
#include "text.h"

enum { RATES_MAX = 8, RULES_MAX = 16 };

/* Results of one case under the same rules. */
struct rate {
	json_t *rules; /* an array, or NULL: none */
	struct sample sample;
};

static bool same_rules(const json_t *a, const json_t *b)
{
	return (!json_array_size(a) && !json_array_size(b)) || json_equal(a, b);
}

/* A rule that never fired changed nothing: its result is no evidence about that rule. */
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

/* Add a result to those of the same rules; returns the number of sets of rules. */
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

/* Find the sets of rules with enough runs to compare; returns their number. */
static unsigned rates_find(const json_t *results, struct rate rates[static RATES_MAX])
{
	unsigned count = 0, kept = 0;
	const json_t *json;
	size_t i;

	json_array_foreach(results, i, json)
		count = rate_add(rates, count, json);
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
	for (size_t i = 0; i < json_array_size(rate->rules) && i < RULES_MAX; i++) {
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

static void section_write(
	struct html *html, const struct rate rates[static RATES_MAX], unsigned count)
{
	double most = 0;

	for (unsigned i = 0; i < count; i++) {
		struct interval interval = sample_interval(&rates[i].sample);

		most = interval.high > most ? interval.high : most;
	}
	fold_begin(html, HTML("rates"), HTML("With and without injections"), "", false);
	scroll_begin(html, "Rates with and without injections, scrollable");
	html_put(html,
		HTML("<table><caption>Failing executions of this case in this store's newest runs. "
		     "The intervals are Wilson's at 95 %, widened by the variation between runs, "
		     "because executions of one run are not independent. Intervals that overlap "
		     "show no difference. A run may stop at its first failure, and its source "
		     "may have been different.</caption><thead><tr>"
		     "<th scope=col>Rules</th><th scope=col class=n>Runs</th>"
		     "<th scope=col class=n>Failing</th><th scope=col class=n>Rate</th>"
		     "<th scope=col class=n>Single runs</th>"
		     "<th scope=col class=n>95 %</th><th scope=col>Interval</th>"
		     "</tr></thead><tbody>\n"));
	for (unsigned i = 0; i < count; i++)
		rate_write(html, &rates[i], most);
	html_put(html, HTML("</tbody></table>\n"));
	scroll_end(html);
	fold_end(html);
}

void rates_write(struct html *html, const struct report *report, const struct case_view *case_view)
{
	json_t *results = store_rates(report->store, case_view->scenario, case_view->variant,
		case_view->engine, PAGE_RUNS_MAX);
	struct rate rates[RATES_MAX];
	unsigned count = rates_find(results, rates), with = 0;

	for (unsigned i = 0; i < count; i++)
		with += json_array_size(rates[i].rules) > 0;
	if (with && with < count)
		section_write(html, rates, count);
	json_decref(results);
}
