/*
 * bench_search.c - snarl bench search: schedules to the bug, by strategy.
 *
 * A search ends at its first failing outcome. In a case where no search has one, because all that
 * explore can see of the bug is a data race, the first race counts instead.
 */
#include "bench_search.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "cpus.h"
#include "exit.h"
#include "field.h"
#include "select.h"
#include "supervise.h"
#include "text.h"

enum {
	SEEDS = 20,
	SCHEDULES_MAX = 5000, /* of a search; what a search that finds nothing counts as */
	SEARCH_MS = 5000,
	WAIT_MS = 1000,
	STRATEGIES_MAX = 16,
	NAME_MAX_BYTES = 160,
};

/* What one search found: the number of its first schedule that did so; 0: none. */
struct needed {
	unsigned outcome, race;
	double ms; /* that the search took */
};

/* The searches of one case. */
struct searched {
	const struct subject *subject;
	struct needed needed[STRATEGIES_MAX][SEEDS];
	bool skipped;
};

/* A strategy over cases, or in one. */
struct score {
	unsigned cases, everywhere; /* cases, and those found with every seed */
	unsigned found, runs;
	double most;	   /* schedules of a search */
	double logarithms; /* sum over cases of that of the geometric mean */
	double *medians;   /* of schedules, by case; */
	double *times;	   /* of milliseconds */
};

static struct {
	const char *strategies[STRATEGIES_MAX];
	unsigned count;
	struct score scores[STRATEGIES_MAX];
	bool json;
} bench;

static void figure_name(char *name, unsigned strategy, const struct subject *subject)
{
	snprintf(name, NAME_MAX_BYTES, "search/%s%s%s%s%s", bench.strategies[strategy],
		subject ? "/" : "", subject ? subject->scenario : "", subject ? "/" : "",
		subject ? subject->name : "");
}

static struct plan plan_make(const struct subject *subject, unsigned strategy, unsigned seed)
{
	struct plan plan = {.seed = seed + 1,
		.executions = SCHEDULES_MAX,
		.budget_ms = SEARCH_MS,
		.arm = PLAN_ARM_AUTO,
		.args = subject_args(subject),
		.first_only = true};

	snprintf(plan.engine, sizeof plan.engine, "explore");
	snprintf(plan.scenario, sizeof plan.scenario, "%s", subject->scenario);
	snprintf(plan.variant, sizeof plan.variant, "%s", subject->name);
	snprintf(plan.strategy, sizeof plan.strategy, "%s", bench.strategies[strategy]);
	plan_add_rules(&plan, subject, &(struct rules){0});
	return plan;
}

static void result_take(struct searched *searched, const struct result *result)
{
	unsigned strategy = 0;
	struct needed *needed;

	while (!is(bench.strategies[strategy], result->plan.strategy))
		strategy++;
	needed = &searched->needed[strategy][result->plan.seed - 1];
	if ((result->skipped || result->failed_to_run) && !searched->skipped)
		fprintf(stderr, "snarl: %s/%s: %s\n", searched->subject->scenario,
			searched->subject->name, result->message);
	searched->skipped |= result->skipped || result->failed_to_run;
	needed->ms = result->seconds * 1000;
	if (result->first_failure_execution < 0)
		return;
	*(result->failures ? &needed->outcome : &needed->race) =
		(unsigned)result->first_failure_execution + 1;
}

/* Run all searches of a case, as many at a time as there are processors. */
static void case_search(
	struct supervisor *supervisor, struct searched *searched, const bool wanted[STRATEGIES_MAX])
{
	unsigned next = 0, all = bench.count * SEEDS;

	while (next < all || supervisor_running(supervisor)) {
		const struct subject *subject;
		struct result result;

		for (; next < all &&
			(!wanted[next / SEEDS] || supervisor_running(supervisor) < cpu_count());
			next++) {
			struct plan plan = plan_make(searched->subject, next / SEEDS, next % SEEDS);

			if (wanted[next / SEEDS] &&
				supervisor_start(supervisor, searched->subject, &plan) != 0)
				die(EXIT_COULD_NOT_RUN, "cannot start a process");
		}
		if (supervisor_interrupted()) {
			supervisor_close(supervisor);
			exit(EXIT_INTERRUPTED);
		}
		if (!supervisor_running(supervisor) ||
			!supervisor_wait(supervisor, WAIT_MS, &result, &subject))
			continue;
		result_take(searched, &result);
		result_free(&result);
	}
}

static bool has_outcome(const struct searched *searched)
{
	for (unsigned i = 0; i < bench.count; i++)
		for (unsigned seed = 0; seed < SEEDS; seed++)
			if (searched->needed[i][seed].outcome)
				return true;
	return false;
}

/* The score of a strategy in one case, and its medians. */
static struct score case_score(const struct searched *searched, unsigned strategy, double *median,
	double *ms, bool outcomes)
{
	struct score score = {.cases = 1, .runs = SEEDS};
	double schedules[SEEDS], times[SEEDS];

	for (unsigned seed = 0; seed < SEEDS; seed++) {
		const struct needed *needed = &searched->needed[strategy][seed];
		unsigned count = outcomes ? needed->outcome : needed->race;

		score.found += count > 0;
		schedules[seed] = count ? count : SCHEDULES_MAX;
		times[seed] = needed->ms;
		score.logarithms += log(schedules[seed]) / SEEDS;
		score.most = fmax(score.most, schedules[seed]);
	}
	score.everywhere = score.found == SEEDS;
	*median = spread_of(schedules, SEEDS).median;
	*ms = spread_of(times, SEEDS).median;
	return score;
}

static void object_print(const char *name, const struct score *score, double median, double ms)
{
	json_t *object = json_pack("{s:i, s:s, s:s, s:f, s:s, s:f, s:f, s:f, s:i, s:i, s:i, s:i}",
		"v", 1, "type", "bench", "name", name, "value",
		exp(score->logarithms / score->cases), "unit", "schedules", "median", median,
		"median_ms", ms, "most", score->most, "found", (int)score->found, "runs",
		(int)score->runs, "cases", (int)score->cases, "cases_found_by_every_seed",
		(int)score->everywhere);

	json_dumpf(object, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(object);
}

static void score_print(const struct score *score)
{
	char text[TEXT_NUMBER_MAX];

	if (score->found)
		snprintf(text, sizeof text, "%.1f%s", exp(score->logarithms / score->cases),
			score->found < score->runs ? "*" : "");
	else
		snprintf(text, sizeof text, "-");
	printf(" %8s", text);
}

static void case_print(const struct searched *searched, const bool wanted[STRATEGIES_MAX])
{
	bool outcomes = has_outcome(searched);

	if (!bench.json)
		printf("%s/%-*s", searched->subject->scenario,
			47 - (int)strlen(searched->subject->scenario), searched->subject->name);
	for (unsigned i = 0; i < bench.count; i++) {
		struct score *all = &bench.scores[i], score;
		char name[NAME_MAX_BYTES];

		if (!wanted[i]) {
			printf("%s", bench.json ? "" : "         ");
			continue;
		}
		score = case_score(
			searched, i, &all->medians[all->cases], &all->times[all->cases], outcomes);
		figure_name(name, i, searched->subject);
		bench.json ? object_print(
				     name, &score, all->medians[all->cases], all->times[all->cases])
			   : score_print(&score);
		all->cases++;
		all->everywhere += score.everywhere;
		all->found += score.found;
		all->runs += score.runs;
		all->logarithms += score.logarithms;
		all->most = fmax(all->most, score.most);
	}
	if (!bench.json)
		putchar('\n');
	fflush(stdout);
}

static void summary_print(void)
{
	if (!bench.json)
		printf("\n%-8s %8s %8s %10s %15s %25s\n", "strategy", "geomean", "median",
			"median ms", "searches", "cases found by all seeds");
	for (unsigned i = 0; i < bench.count; i++) {
		struct score *score = &bench.scores[i];
		char name[NAME_MAX_BYTES];
		double median, ms;

		if (!score->cases)
			continue;
		median = spread_of(score->medians, score->cases).median;
		ms = spread_of(score->times, score->cases).median;
		figure_name(name, i, NULL);
		if (bench.json)
			object_print(name, score, median, ms);
		else
			printf("%-8s %8.3f %8.1f %10.2f %6u of %5u %18u of %3u\n",
				bench.strategies[i], exp(score->logarithms / score->cases), median,
				ms, score->found, score->runs, score->everywhere, score->cases);
	}
}

static void strategies_find(const struct catalog *catalog)
{
	const json_t *strategies = json_object_get(engine_traits(catalog, "explore"), "strategies");
	const json_t *name;
	size_t i;

	json_array_foreach(strategies, i, name) {
		if (bench.count == STRATEGIES_MAX)
			break;
		bench.scores[bench.count].medians = calloc(catalog->count, sizeof(double));
		bench.scores[bench.count].times = calloc(catalog->count, sizeof(double));
		if (!bench.scores[bench.count].medians || !bench.scores[bench.count].times)
			die(EXIT_COULD_NOT_RUN, "out of memory");
		bench.strategies[bench.count++] = json_string_value(name);
	}
}

/* Whether explore has to find a bug in it. In a question it is asked to. */
static bool may_be_broken(const struct catalog *catalog, const struct subject *subject)
{
	return (!subject->declaration ||
		       (!subject_is_correct(subject) &&
			       subject_expectation(subject, "explore").detection ==
				       SNARL_MUST_SEE)) &&
	       case_exists(catalog, subject, "explore");
}

static void heading_print(void)
{
	printf("Schedules to the bug: geometric means over %d seeds. A search that finds nothing "
	       "in\n"
	       "%d schedules counts as that many; * marks means with such searches.\n\n%-48s",
		SEEDS, SCHEDULES_MAX, "case");
	for (unsigned i = 0; i < bench.count; i++)
		printf(" %8s", bench.strategies[i]);
	putchar('\n');
}

int bench_search(
	const struct catalog *catalog, search_wanted *wanted, const void *selection, bool json)
{
	struct supervisor *supervisor = supervisor_open(catalog);
	unsigned done = 0, skipped = 0;

	bench.json = json;
	strategies_find(catalog);
	if (!json)
		heading_print();
	for (size_t i = 0; i < catalog->count; i++) {
		struct searched searched = {.subject = &catalog->subjects[i]};
		bool chosen[STRATEGIES_MAX] = {false}, any = false;

		for (unsigned k = 0; k < bench.count; k++) {
			char name[NAME_MAX_BYTES];

			figure_name(name, k, searched.subject);
			any |= chosen[k] = wanted(selection, name);
		}
		if (!any || !may_be_broken(catalog, searched.subject))
			continue;
		case_search(supervisor, &searched, chosen);
		skipped += searched.skipped;
		if (searched.skipped)
			continue;
		case_print(&searched, chosen);
		done++;
	}
	supervisor_close(supervisor);
	summary_print();
	return done ? EXIT_AS_EXPECTED : skipped ? EXIT_ALL_SKIPPED : EXIT_NOTHING_SELECTED;
}
