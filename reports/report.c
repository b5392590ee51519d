/* report.c - from a store to a folder of pages. */
#define _GNU_SOURCE
#include "report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "detection.h"
#include "detection_page.h"
#include "exit.h"
#include "failure.h"
#include "field.h"
#include "index.h"
#include "ipc.h"
#include "ipc_page.h"
#include "html.h"
#include "kinds.h"
#include "page.h"
#include "plan.h"
#include "scenario.h"
#include "text.h"

static int complain(int error, const char *path)
{
	fprintf(stderr, "snarl: cannot write %s (%s): %s\n", path, strerror(-error),
		error == -ENOSPC || error == -EDQUOT
			? "free some space there, or choose another folder with --out"
			: "choose another folder with --out");
	return error;
}

/* mkdir -p */
static int folder_make(const char *folder)
{
	char *path = format("%s", folder);
	struct stat status;
	int error = 0;

	for (char *at = path + 1; *path && !error; at++) {
		char kept = *at;

		if (kept && kept != '/')
			continue;
		*at = '\0';
		if (mkdir(path, 0777) != 0 && errno != EEXIST)
			error = -errno;
		*at = kept;
		if (!kept)
			break;
	}
	/* A parent folder may exist although making it is forbidden: only the last one matters. */
	if (stat(folder, &status) == 0)
		error = S_ISDIR(status.st_mode) ? 0 : -ENOTDIR;
	free(path);
	return error;
}

static struct case_view shown_read(const json_t *json)
{
	struct case_view case_view = {
		.json = json,
		.run = field_integer(json, "run", 0),
		.executions = field_integer(json, "executions", 0),
		.failures = field_integer(json, "failures", 0),
		.first = field_integer(json, "first_failure_execution", -1),
		.seconds = field_real(json, "seconds"),
		.correct = field_true(json, "correct"),
		.scenario = field_text(json, "scenario"),
		.variant = field_text(json, "variant"),
		.engine = field_text(json, "engine"),
		.verdict = field_text(json, "verdict"),
		.expected = field_text(json, "expected"),
		.outcome = field_text(json, "outcome"),
		.message = field_text(json, "message"),
		.catalog = json_object_get(json, "catalog"),
		.traits = json_object_get(json, "traits"),
	};

	if (!*case_view.verdict)
		case_view.verdict = "clean";
	return case_view;
}

static int shown_compare(const void *left, const void *right)
{
	const struct case_view *a = left, *b = right;
	int64_t newer = field_integer(b->json, "case", 0) - field_integer(a->json, "case", 0);
	int order = strcmp(a->scenario, b->scenario);

	if (!order)
		order = b->correct - a->correct;
	if (!order)
		order = strcmp(a->variant, b->variant);
	if (!order)
		order = strcmp(a->engine, b->engine);
	return order ? order : newer > 0 ? 1 : newer < 0 ? -1 : 0;
}

static bool same_case(const struct case_view *a, const struct case_view *b)
{
	return strcmp(a->scenario, b->scenario) == 0 && strcmp(a->variant, b->variant) == 0 &&
	       strcmp(a->engine, b->engine) == 0;
}

/* Whether a case is of a variant that its build no longer has. Sources anywhere are of no build. */
static bool is_deleted(const struct case_view *case_view, const struct catalog *catalog)
{
	return catalog && !json_object_get(case_view->catalog, "files") &&
	       !catalog_find(catalog, case_view->scenario, case_view->variant);
}

static void cases_take(struct report *report, const json_t *cases, const struct catalog *catalog)
{
	size_t i, kept = 0;
	const json_t *json;

	report->cases = calloc(json_array_size(cases) + 1, sizeof *report->cases);
	if (!report->cases)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	json_array_foreach(cases, i, json) {
		struct case_view case_view = shown_read(json);

		if (*case_view.scenario && *case_view.variant && *case_view.engine &&
			!is_deleted(&case_view, catalog))
			report->cases[report->count++] = case_view;
	}
	qsort(report->cases, report->count, sizeof *report->cases, shown_compare);
	/* A run may have a case twice; the newer one comes first. */
	for (i = 0; i < report->count; i++)
		if (!kept || !same_case(&report->cases[kept - 1], &report->cases[i]))
			report->cases[kept++] = report->cases[i];
	report->count = kept;
}

/* Whether the store has a run, or none is asked for: 0, or -ENOENT with a sentence on stderr. */
static int run_check(const struct report *report, int64_t run)
{
	const json_t *newest = json_array_get(report->runs, 0);
	const json_t *oldest = json_array_get(report->runs, json_array_size(report->runs) - 1);

	if (!run || report_run(report, run))
		return 0;
	if (newest)
		fprintf(stderr,
			"snarl: the store has no run %" PRId64 ": choose one of %" PRId64
			" to %" PRId64 "\n",
			run, field_integer(oldest, "run", 0), field_integer(newest, "run", 0));
	else
		fprintf(stderr,
			"snarl: the store has no run %" PRId64
			": it is empty; use snarl run first\n",
			run);
	return -ENOENT;
}

/* Complain of a page that could not be written. */
static int page_written(const struct report *report, int error, const char *name)
{
	char *path = format("%s/%s", report->folder, name);

	if (error)
		complain(error, path);
	free(path);
	return error;
}

static int failures_write(const struct report *report)
{
	char name[PAGE_NAME_MAX];
	int error = 0;

	for (size_t i = 0; i < report->count && !error; i++) {
		const struct case_view *case_view = &report->cases[i];

		if (!case_view_has_page(case_view))
			continue;
		page_name(name, case_view->scenario, case_view->variant, case_view->engine);
		error = page_written(report, failure_write(report, case_view), name);
	}
	return error;
}

static int scenarios_write(const struct report *report)
{
	char name[PAGE_NAME_MAX];
	int error = 0;

	for (size_t i = 0; i < report->count && !error; i = scenario_end(report, i)) {
		scenario_page_name(name, report->cases[i].scenario);
		error = page_written(report, scenario_write(report, i), name);
	}
	return error;
}

/* A file of another version, or a truncated one, is ignored. */
static json_t *ipc_load(const char *path)
{
	json_t *ipc = json_load_file(path, 0, NULL);

	if (ipc && field_integer(ipc, "v", 0) == 1 && field_array(ipc, "mechanisms"))
		return ipc;
	json_decref(ipc);
	return NULL;
}

/* The pages of what snarl bench has measured. */
static int bench_write(const struct report *report)
{
	int error = report->ipc ? page_written(report, ipc_page_write(report), "ipc.html") : 0;

	if (!error && report->detection)
		error = page_written(report, detection_page_write(report), "detection.html");
	return error;
}

/* Read what snarl bench left beside the store. */
static void bench_load(struct report *report, const char *db)
{
	char *ipc = ipc_path(db), *detection = detection_path(db);

	report->ipc = ipc_load(ipc);
	report->detection = detection_load(detection);
	free(ipc);
	free(detection);
}

int report_write(
	struct store *store, const char *folder, const struct report_choice *choice, char **index)
{
	struct report report = {
		.store = store, .folder = folder, .run = choice->run, .since = choice->since};
	json_t *cases = NULL;
	char *path = format("%s/index.html", folder);
	int error;

	*index = NULL;
	report.runs = store_runs(store);
	error = run_check(&report, report.run);
	if (!error)
		error = run_check(&report, report.since);
	if (error)
		goto out;
	error = folder_make(folder);
	if (error) {
		complain(error, folder);
		goto out;
	}
	html_sweep(folder);
	cases = store_cases(store, report.run);
	cases_take(&report, cases, choice->catalog);
	if (choice->db)
		bench_load(&report, choice->db);
	/* Write the pages first, so that the index never links to a missing page. */
	error = failures_write(&report);
	if (!error)
		error = scenarios_write(&report);
	if (!error)
		error = bench_write(&report);
	if (!error)
		error = page_written(&report, index_write(&report), "index.html");
	if (!error)
		error = page_written(&report, kinds_write(&report), "kinds.md");
out:
	if (!error) {
		*index = path;
		path = NULL;
	}
	free(path);
	free(report.cases);
	json_decref(report.ipc);
	json_decref(report.detection);
	json_decref(report.runs);
	json_decref(cases);
	return error;
}
