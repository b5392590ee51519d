/*
 * bench_detection.c - snarl bench detection: which engine sees which bug, and how soon.
 *
 * A cell is a case and a setting: without injection, or with a profile. It is run several times,
 * each time in a new process and with another seed, until it sees the bug or its time is up. The
 * runs are independent of each other, as the executions within a run are not, so intervals are over
 * runs. The time is that from the start of the process, because a detector that starts slowly is
 * slow. A case goes on for a moment after its first failure: that is not counted.
 *
 * Foreign detectors that are installed are engines like the others (harness/foreign), but nothing
 * is injected for them.
 */
#include "bench_detection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "chart.h"
#include "clock.h"
#include "cpus.h"
#include "detection.h"
#include "environment.h"
#include "exit.h"
#include "field.h"
#include "foreign_case.h"
#include "ipc.h"
#include "judge.h"
#include "supervise.h"
#include "text.h"

enum { WAIT_MS = 1000, SETTINGS_MAX = 8, ENGINES_MAX = 16, COLUMN = 16 };

static const char NONE[] = "none";
/* Standard deviations to either side of a 95 % interval. */
static const double Z = 1.96;

/* What is measured at the moment. */
struct cell {
	const struct selected *selected;
	const char *setting;
	const struct rules *rules;
	const char *skipped; /* why it cannot be measured; NULL: it can */
	uint64_t began_ns[DETECTION_RUNS_MAX];
	double seen_s[DETECTION_RUNS_MAX]; /* by run; below 0: it was not */
};

/* All cells of an engine with one setting. */
struct total {
	unsigned cases, cases_seen, runs, seen;
};

struct bench {
	const struct catalog *catalog;
	const struct detection_plan *plan;
	struct supervisor *supervisor;
	json_t *all;
	unsigned setting_count;
	const char *settings[SETTINGS_MAX];
	struct rules rules[SETTINGS_MAX];
	unsigned engine_count;
	const char *engines[ENGINES_MAX]; /* snarl's own, then foreign ones */
	struct total totals[ENGINES_MAX][SETTINGS_MAX];
};

static struct plan plan_make(const struct bench *bench, const struct cell *cell, unsigned run)
{
	const struct subject *subject = cell->selected->subject;
	struct plan plan = {.seed = run + 1,
		.place = bench->catalog->place,
		.budget_ms = bench->plan->budget_ms,
		.arm = PLAN_ARM_AUTO,
		.args = subject_args(subject),
		.first_only = true,
		.preemptions_max = UINT32_MAX,
		.strategy = "auto"};

	snprintf(plan.engine, sizeof plan.engine, "%s", cell->selected->engine);
	snprintf(plan.scenario, sizeof plan.scenario, "%s", subject->scenario);
	snprintf(plan.variant, sizeof plan.variant, "%s", subject->name);
	plan_add_rules(&plan, subject, cell->rules);
	return plan;
}

/* Whether the bug was seen; in a question, any bug. What differs from the declaration is not it. */
static bool is_seen(struct result *result, const struct subject *subject)
{
	judge(result, subject);
	return result->outcome == OUTCOME_CAUGHT || result->outcome == OUTCOME_FOUND ||
	       (result->outcome == OUTCOME_BLIND && result->verdict);
}

/* How long the case went on after its first failure; executions take about the same time each. */
static double seconds_after(const struct result *result)
{
	double first = (double)(result->first_failure_execution + 1);

	if (result->first_failure_execution < 0 || !result->executions)
		return 0;
	return result->seconds * (1 - first / (double)result->executions);
}

static void run_end(struct cell *cell, struct result *result)
{
	unsigned run = (unsigned)result->plan.seed - 1;
	double seconds = (double)(clock_ns() - cell->began_ns[run]) * 1e-9;

	if (result->skipped || result->failed_to_run) {
		cell->skipped = cell->skipped ? cell->skipped : format("%s", result->message);
		return;
	}
	cell->seen_s[run] =
		is_seen(result, cell->selected->subject) ? seconds - seconds_after(result) : -1;
}

/* Make all runs of a cell: as many at a time as there are processors, if they may share them. */
static void cell_run(const struct bench *bench, struct cell *cell)
{
	const json_t *traits = engine_traits(bench->catalog, cell->selected->engine);
	unsigned width = field_true(traits, "shares_cores") ? cpu_count() : 1, next = 0;

	while ((next < bench->plan->runs && !cell->skipped) ||
		supervisor_running(bench->supervisor)) {
		const struct subject *subject;
		struct result result;

		while (next < bench->plan->runs && !cell->skipped &&
			supervisor_running(bench->supervisor) < width) {
			struct plan plan = plan_make(bench, cell, next);

			cell->began_ns[next++] = clock_ns();
			if (supervisor_start(bench->supervisor, cell->selected->subject, &plan) !=
				0)
				die(EXIT_COULD_NOT_RUN, "cannot start a process");
		}
		if (supervisor_interrupted()) {
			supervisor_close(bench->supervisor);
			exit(EXIT_INTERRUPTED);
		}
		if (!supervisor_wait(bench->supervisor, WAIT_MS, &result, &subject))
			continue;
		run_end(cell, &result);
		result_free(&result);
	}
}

/* Why a cell of a foreign detector cannot be measured, NULL: it can. Builds its case. */
static const char *why_not_foreign(const struct bench *bench, const struct cell *cell)
{
	if (cell->rules != &bench->rules[0])
		return "nothing is injected for a foreign detector";
	return foreign_build(bench->catalog, cell->selected->subject, cell->selected->engine);
}

/* Why a cell need not be measured, NULL: it has to be. */
static const char *why_not(const struct bench *bench, const struct cell *cell)
{
	const struct subject *subject = cell->selected->subject;
	struct expectation expected = subject_expectation(subject, cell->selected->engine);
	struct plan with = plan_make(bench, cell, 0), without;
	struct cell plain = *cell;

	plain.rules = &bench->rules[0];
	without = plan_make(bench, &plain, 0);
	if (foreign_find(cell->selected->engine))
		return why_not_foreign(bench, cell);
	if (expected.detection == SNARL_NOT_RUN)
		return expected.why;
	if (cell->rules != plain.rules && with.rule_count == without.rule_count)
		return "no rule of it names a point of this variant";
	return NULL;
}

static json_t *cell_json(const struct bench *bench, const struct cell *cell)
{
	const struct subject *subject = cell->selected->subject;
	json_t *times = json_array(), *json;

	for (unsigned i = 0; i < bench->plan->runs && !cell->skipped; i++)
		json_array_append_new(
			times, cell->seen_s[i] < 0 ? json_null() : json_real(cell->seen_s[i]));
	json = json_pack("{s:s, s:s, s:s, s:s, s:i, s:o}", "scenario", subject->scenario, "variant",
		subject->name, "engine", cell->selected->engine, "setting", cell->setting,
		"budget_ms", (int)bench->plan->budget_ms, "times", times);
	if (cell->skipped)
		json_object_set_new(json, "skipped", json_string(cell->skipped));
	return json;
}

static void object_print(const struct detection *one)
{
	struct interval interval = wilson(one->seen, one->runs, Z);
	char *name = format(
		"detection/%s/%s/%s/%s", one->engine, one->setting, one->scenario, one->variant);
	json_t *object = json_pack("{s:i, s:s, s:s, s:f, s:s, s:f, s:f, s:f, s:i, s:i, s:o}", "v",
		1, "type", "bench", "name", name, "value",
		one->runs ? (double)one->seen / one->runs : 0, "unit", "of runs", "low",
		interval.low, "high", interval.high, "budget_s", one->budget_s, "seen",
		(int)one->seen, "runs", (int)one->runs, "median_s",
		one->seen ? json_real(one->median_s) : json_null());

	if (*one->skipped)
		json_object_set_new(object, "skipped", json_string(one->skipped));
	json_dumpf(object, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(object);
	free(name);
}

/* Print a column; no blanks behind the last one. */
static void column_print(const struct bench *bench, unsigned setting, const char *text)
{
	printf(" %-*s", setting + 1 < bench->setting_count ? COLUMN - 1 : 0, text);
	if (setting + 1 == bench->setting_count)
		putchar('\n');
}

static void cell_print(const struct bench *bench, unsigned setting, const struct detection *one)
{
	char text[2 * COLUMN], time[16];

	if (*one->skipped)
		snprintf(text, sizeof text, "-");
	else if (one->seen)
		snprintf(text, sizeof text, "%u/%u %s", one->seen, one->runs,
			detection_time(time, one->median_s));
	else
		snprintf(text, sizeof text, "0/%u", one->runs);
	column_print(bench, setting, text);
}

static struct total *total_of(struct bench *bench, const char *engine, unsigned setting)
{
	unsigned at = 0;

	while (!is(bench->engines[at], engine))
		at++;
	return &bench->totals[at][setting];
}

static void total_add(struct total *total, const struct detection *one)
{
	if (*one->skipped)
		return;
	total->cases++;
	total->cases_seen += one->seen > 0;
	total->runs += one->runs;
	total->seen += one->seen;
}

/* Measure a case with all settings, and print it. */
static void case_measure(struct bench *bench, const struct selected *selected)
{
	if (!bench->plan->json)
		printf("  %-13s", selected->engine);
	for (unsigned i = 0; i < bench->setting_count; i++) {
		struct cell cell = {selected, bench->settings[i], &bench->rules[i], NULL, {0}, {0}};
		struct detection measured;
		json_t *json;

		cell.skipped = why_not(bench, &cell);
		if (!cell.skipped)
			cell_run(bench, &cell);
		json = cell_json(bench, &cell);
		measured = detection_of(json);
		bench->plan->json ? object_print(&measured) : cell_print(bench, i, &measured);
		fflush(stdout);
		total_add(total_of(bench, selected->engine, i), &measured);
		detection_put(bench->all, json);
	}
}

static void settings_print(const struct bench *bench, const char *title)
{
	printf("  %-13s", title);
	for (unsigned i = 0; i < bench->setting_count; i++)
		column_print(bench, i, i ? bench->settings[i] : "no injection");
}

/* The share of runs that saw their bug, for each engine and setting, with its interval. */
static void summary_print(struct bench *bench)
{
	printf("\nruns that saw their bug, 95 %%\n");
	settings_print(bench, "");
	for (unsigned k = 0; k < bench->engine_count; k++) {
		printf("  %-13s", bench->engines[k]);
		for (unsigned i = 0; i < bench->setting_count; i++) {
			const struct total *total = total_of(bench, bench->engines[k], i);
			struct interval interval = wilson(total->seen, total->runs, Z);
			char text[2 * COLUMN] = "-";

			if (total->runs)
				snprintf(text, sizeof text, "%.0f %% (%.0f-%.0f)",
					100.0 * total->seen / total->runs, 100 * interval.low,
					100 * interval.high);
			column_print(bench, i, text);
		}
	}
}

/* The settings: none, then the profiles, each with its rules. */
static void settings_find(struct bench *bench, const struct selection *selection)
{
	static struct string_list profiles; /* owns no text, but keeps it */

	profiles = profile_names(bench->catalog->kit);
	bench->settings[bench->setting_count++] = NONE;
	for (unsigned i = 0; i < profiles.count && bench->setting_count < SETTINGS_MAX; i++)
		bench->settings[bench->setting_count++] = profiles.word[i];
	for (unsigned i = 0; i < bench->setting_count; i++) {
		struct string_list profile = {i > 0, {bench->settings[i]}}, none = {0};

		bench->rules[i] = select_rules(bench->catalog, selection, &profile, &none);
	}
}

/* The earlier results beside the store, to be added to, or none yet. */
static json_t *results_begin(const struct bench *bench, const char *path)
{
	json_t *all = detection_load(path);
	char began[sizeof "2026-11-22 14:25:01"];
	time_t now = time(NULL);
	struct tm broken_down;

	strftime(began, sizeof began, "%Y-%m-%d %H:%M:%S", gmtime_r(&now, &broken_down));
	if (!all)
		all = json_pack("{s:i, s:s, s:[]}", "v", 1, "type", "bench-detection", "cells");
	json_object_set_new(all, "began", json_string(began));
	json_object_set_new(all, "environment", environment_json(bench->catalog));
	return all;
}

/* After each case, because all of them take long. 0 or a negative errno. */
static int results_store(const struct bench *bench, const char *path)
{
	int error = ipc_store(bench->all, path);

	if (error)
		fprintf(stderr, "snarl: cannot write %s (%s): choose another place with --db\n",
			path, strerror(-error));
	return error;
}

/* The engines: the catalogue's, and, for what is in the tree, the foreign ones that are installed.
 */
static void engines_find(struct bench *bench)
{
	for (const char **engine = bench->catalog->engines; *engine; engine++)
		bench->engines[bench->engine_count++] = *engine;
	for (const struct foreign_tool *tool = foreign_tools;
		bench->catalog->corpus && tool->name && bench->engine_count < ENGINES_MAX; tool++) {
		const char *engine = foreign_engine(tool);

		if (engine)
			bench->engines[bench->engine_count++] = engine;
	}
}

/* Measure a variant with all engines. 0 or a negative errno. */
static int subject_measure(struct bench *bench, const struct subject *subject, const char *path)
{
	if (!bench->plan->json)
		printf("\n%s/%s\n", subject->scenario, subject->name);
	for (unsigned i = 0; i < bench->engine_count; i++) {
		struct selected selected = {subject, bench->engines[i]};

		if (foreign_find(selected.engine) ||
			case_exists(bench->catalog, subject, selected.engine))
			case_measure(bench, &selected);
	}
	return results_store(bench, path);
}

/* Sets `*done` to the number of variants. 0 or a negative errno. */
static int subjects_measure(
	struct bench *bench, const struct selection *selection, const char *path, unsigned *done)
{
	const struct subject *last = NULL;
	int error = 0;

	for (unsigned i = 0; i < selection->count && !error; i++) {
		const struct subject *subject = selection->cases[i].subject;

		if (subject == last || subject_is_correct(subject))
			continue;
		error = subject_measure(bench, subject, path);
		last = subject;
		++*done;
	}
	return error;
}

int bench_detection(const struct catalog *catalog, const struct string_list *names,
	const struct detection_plan *plan)
{
	struct selection selection = select_cases(catalog, names, &(struct string_list){0});
	struct bench bench = {.catalog = catalog, .plan = plan};
	char *path = detection_path(plan->db);
	unsigned done = 0;
	int error;

	engines_find(&bench);
	settings_find(&bench, &selection);
	bench.all = results_begin(&bench, path);
	bench.supervisor = supervisor_open(catalog);
	if (!plan->json) {
		printf("Runs of %g s that saw the bug, and the median time until they did.\n\n",
			plan->budget_ms / 1000.0);
		settings_print(&bench, "engine");
	}
	error = subjects_measure(&bench, &selection, path, &done);
	supervisor_close(bench.supervisor);
	if (!plan->json && done) {
		summary_print(&bench);
		printf("\nresult: %s (snarl report makes a page of it)\n", path);
	}
	json_decref(bench.all);
	free(selection.cases);
	free(path);
	return !done ? EXIT_NOTHING_SELECTED : error ? EXIT_COULD_NOT_RUN : EXIT_AS_EXPECTED;
}
