/* campaign.c - running a selection of cases. */
#include "campaign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agenda.h"
#include "clock.h"
#include "ending.h"
#include "environment.h"
#include "exit.h"
#include "field.h"
#include "judge.h"
#include "page.h"
#include "screen.h"
#include "store.h"
#include "terminal.h"
#include "text.h"
#include "ulimits.h"

enum { WAIT_MS = 200, TOTALS_INDENT = 4 };

char *campaign_default_db(const struct catalog *catalog)
{
	return format("%s/snarl.db", catalog->build);
}

/* Whether the case gets a page, if there are pages. */
static bool has_page(const struct campaign *campaign, const struct result *result)
{
	return result->outcome != OUTCOME_ERROR &&
	       (outcome_alarms(result->outcome) || (campaign->full && result->verdict));
}

/* The path of the case's page, to be freed; NULL: it gets none. */
static char *page_path(struct campaign *campaign, const struct result *result)
{
	char name[PAGE_NAME_MAX], *path;

	if (!campaign->pages || !has_page(campaign, result))
		return NULL;
	path = format("%s/%s", campaign->pages,
		page_name(name, result->plan.scenario, result->plan.variant, result->plan.engine));
	if (!campaign->page_count++)
		campaign->first_page = format("%s", path);
	return path;
}

static void result_print(
	const struct campaign *campaign, const struct result *result, const char *page)
{
	json_t *object;

	if (campaign->brief && !outcome_alarms(result->outcome))
		return;
	if (!campaign->json) {
		screen_case(result,
			campaign->whole	 ? SCREEN_WHOLE
			: campaign->full ? SCREEN_FULL
					 : SCREEN_LINE,
			page);
		return;
	}
	screen_clear();
	object = result_json(result);
	json_print(object);
	fflush(stdout);
	json_decref(object);
}

int outcomes_text(const unsigned outcomes[OUTCOME_WORDS], char text[OUTCOMES_TEXT_MAX])
{
	const char *separator = ": ";
	int used = 0;

	text[0] = '\0';
	for (int i = 0; i < OUTCOME_WORDS; i++) {
		if (!outcomes[i])
			continue;
		used += snprintf(text + used, (size_t)(OUTCOMES_TEXT_MAX - used), "%s%u %s",
			separator, outcomes[i], outcome_name(i));
		separator = ", ";
	}
	return used;
}

/* "148 of 150 cases: 100 caught, 46 clean, 2 MISSED in 1:05 min" */
static void totals_print(const struct campaign *campaign, unsigned done, double seconds)
{
	char time[TEXT_NUMBER_MAX], outcomes[OUTCOMES_TEXT_MAX], earlier[64] = "", *text;

	outcomes_text(campaign->outcomes, outcomes);
	if (json_array_size(campaign->earlier))
		snprintf(earlier, sizeof earlier, " (%zu were done earlier)",
			json_array_size(campaign->earlier));
	text = format("%u of %u cases%s%s in %s", done, campaign->count, earlier, outcomes,
		seconds_text(seconds, time));
	words_print(stdout, text, 0, TOTALS_INDENT, terminal_width(STDOUT_FILENO));
	free(text);
}

static void summary_print(
	const struct campaign *campaign, const struct ending *ending, unsigned done, double seconds)
{
	screen_clear();
	if (campaign->json || (campaign->quiet && !campaign->failures && !campaign->failed_to_run))
		return;
	if (!campaign->full && !campaign->brief) {
		ending_failures_print(ending);
		ending_slowest_print(ending);
	}
	totals_print(campaign, done, seconds);
	fflush(stdout);
}

void outcomes_count(const json_t *results, unsigned outcomes[OUTCOME_WORDS])
{
	const json_t *one;
	size_t i;

	json_array_foreach(results, i, one) {
		for (int word = 0; word < OUTCOME_WORDS; word++)
			outcomes[word] += field_is(one, "outcome", outcome_name(word));
	}
}

int outcomes_code(const unsigned outcomes[OUTCOME_WORDS])
{
	unsigned all = 0;

	for (int i = 0; i < OUTCOME_WORDS; i++) {
		if (outcomes[i] && outcome_alarms(i))
			return EXIT_UNEXPECTED;
		all += outcomes[i];
	}
	return all && outcomes[OUTCOME_SKIPPED] == all ? EXIT_ALL_SKIPPED : EXIT_AS_EXPECTED;
}

static int exit_code(const struct campaign *campaign)
{
	unsigned outcomes[OUTCOME_WORDS];

	memcpy(outcomes, campaign->outcomes, sizeof outcomes);
	outcomes_count(campaign->earlier, outcomes);
	if (supervisor_interrupted())
		return EXIT_INTERRUPTED;
	return campaign->failed_to_run ? EXIT_COULD_NOT_RUN : outcomes_code(outcomes);
}

/* Count, print and store a result, and let go of it. */
static void result_end(struct campaign *campaign, struct store *store, struct ending *ending,
	unsigned index, struct result *result)
{
	char *page = page_path(campaign, result);

	campaign->outcomes[result->outcome]++;
	campaign->failures += outcome_alarms(result->outcome);
	result_print(campaign, result, page);
	if (campaign->rounds)
		rounds_add(campaign->rounds, index, campaign->subjects[index], result);
	if (store && store_case_add(store, campaign->run, campaign->catalog,
			     campaign->subjects[index], result) != 0)
		campaign->failed_to_run++;
	ending_take(ending, result, page);
}

/* Judge the result; returns the index of its case. */
static unsigned result_judge(struct campaign *campaign, struct agenda *agenda,
	const struct subject *subject, struct result *result)
{
	unsigned index = agenda_index(agenda, subject, result->plan.engine);

	judge(result, subject);
	agenda_done(agenda, index, result);
	/* A run steered by fiu-ctrl cannot be replayed, so it gets no token. */
	if (result->verdict && !result->plan.commands &&
		token_encode(&result->plan, result->token, sizeof result->token) != 0)
		result->token[0] = '\0';
	campaign->failed_to_run += result->failed_to_run;
	campaign->bugs += result->verdict != SNARL_NO_BUG;
	return index;
}

/* Why the case cannot be run, a sentence that stays valid; NULL: it can. */
static const char *case_why_not(
	const struct catalog *catalog, const struct subject *subject, const struct plan *plan)
{
	struct expectation expected = subject_expectation(subject, plan->engine);

	if (expected.detection == SNARL_NOT_RUN)
		return expected.why;
	if (plan->commands && field_is(engine_traits(catalog, plan->engine), "replays", "steps"))
		return "the engine makes faults part of the schedule; fiu-ctrl/fiu-run commands "
		       "cannot be. Use --inject.";
	return NULL;
}

/* A case that its engine cannot run is reported as skipped, and never started. */
static bool case_skipped(const struct catalog *catalog, const struct subject *subject,
	const struct plan *plan, struct result *result)
{
	const char *why = case_why_not(catalog, subject, plan);

	if (!why)
		return false;
	*result = result_empty(plan);
	result->outcome = OUTCOME_SKIPPED;
	free(result->message);
	result->message = format("%s", why);
	return true;
}

static void case_start(struct campaign *campaign, struct supervisor *supervisor, unsigned index)
{
	int error =
		supervisor_start(supervisor, campaign->subjects[index], &campaign->plans[index]);

	if (error)
		die(EXIT_COULD_NOT_RUN, "cannot start a process: %s%s", strerror(-error),
			limits_for(-error));
}

/* Start all that can run now; a case that is skipped is done at once. Returns how many were. */
static unsigned cases_start(struct campaign *campaign, struct agenda *agenda,
	struct supervisor *supervisor, struct store *store, struct ending *ending)
{
	struct result result;
	unsigned skipped = 0;

	for (int next; (next = agenda_next(agenda)) != AGENDA_NONE;) {
		unsigned index = (unsigned)next;

		if (!case_skipped(campaign->catalog, campaign->subjects[index],
			    &campaign->plans[index], &result)) {
			case_start(campaign, supervisor, index);
			continue;
		}
		/* without judge(): there is nothing to judge */
		agenda_done(agenda, index, &result);
		result_end(campaign, store, ending, index, &result);
		skipped++;
	}
	return skipped;
}

/* Whether no other case is to be started or waited for. */
static bool is_over(const struct campaign *campaign)
{
	return supervisor_interrupted() || (campaign->fail_fast && campaign->failures);
}

int campaign_run(struct campaign *campaign)
{
	struct store *store = campaign->db ? store_open(campaign->db) : NULL;
	json_t *environment = environment_json(campaign->catalog);
	struct supervisor *supervisor = supervisor_open(campaign->catalog);
	struct agenda *agenda = agenda_open(campaign);
	struct ending *ending = ending_open(campaign->count);
	struct supervised listening;
	uint64_t began_ns = clock_ns();
	pid_t pid;
	unsigned done = 0;
	const struct subject *subject;
	struct result result;
	int code;

	memset(campaign->outcomes, 0, sizeof campaign->outcomes);
	campaign->failures = 0;
	campaign->run = store ? store_run_begin(store, environment, &campaign->part) : 0;
	if (campaign->count && !campaign->json && !campaign->brief)
		screen_header(!campaign->catalog->corpus);
	while (done < campaign->count && !is_over(campaign)) {
		done += cases_start(campaign, agenda, supervisor, store, ending);
		if (supervisor_wait(supervisor, WAIT_MS, &result, &subject)) {
			unsigned index = result_judge(campaign, agenda, subject, &result);

			/* The next cases start while this one is stored. */
			done += 1 + cases_start(campaign, agenda, supervisor, store, ending);
			result_end(campaign, store, ending, index, &result);
		} else if (supervisor_running(supervisor)) {
			struct supervised now = supervisor_look(supervisor, 0);
			struct progress progress = {
				done, campaign->count, campaign->failures, agenda_left(agenda)};

			screen_progress(&progress, &now);
		}
		while (supervisor_listening(supervisor, &listening, &pid))
			screen_listening(&listening, pid);
	}
	supervisor_close(supervisor);
	agenda_close(agenda);
	code = exit_code(campaign);
	summary_print(campaign, ending, done, (double)(clock_ns() - began_ns) * 1e-9);
	ending_close(ending);
	if (store) {
		if (store_run_end(store, campaign->run,
			    done < campaign->count ? "interrupted" : "done") != 0)
			code = code == EXIT_INTERRUPTED ? code : EXIT_COULD_NOT_RUN;
		store_close(store);
	}
	json_decref(environment);
	return code;
}
