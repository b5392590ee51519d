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

static void cases_take(struct report *report, const json_t *cases)
{
	size_t i, kept = 0;
	const json_t *json;

	report->cases = calloc(json_array_size(cases) + 1, sizeof *report->cases);
	if (!report->cases)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	json_array_foreach(cases, i, json) {
		struct case_view case_view = shown_read(json);

		if (*case_view.scenario && *case_view.variant && *case_view.engine)
			report->cases[report->count++] = case_view;
	}
	qsort(report->cases, report->count, sizeof *report->cases, shown_compare);
	/* A run may have a case twice; the newer one comes first. */
	for (i = 0; i < report->count; i++)
		if (!kept || !same_case(&report->cases[kept - 1], &report->cases[i]))
			report->cases[kept++] = report->cases[i];
	report->count = kept;
}

/*
 * Earlier runs are read only as far as they are compared: stacks and catalogues of many runs are
 * large.
 */
static json_t *earlier_load(struct store *store, const json_t *runs)
{
	json_t *earlier = json_array();

	for (size_t i = 0; i < json_array_size(runs) && i < PAGE_RUNS_MAX; i++) {
		int64_t run = field_integer(json_array_get(runs, i), "run", 0);

		json_array_append_new(
			earlier, json_pack("{s:I, s:o}", "run", (json_int_t)run, "cases",
					 run > 0 ? store_counts(store, run) : json_array()));
	}
	return earlier;
}

static int run_missing(const struct report *report)
{
	const json_t *newest = json_array_get(report->runs, 0);
	const json_t *oldest = json_array_get(report->runs, json_array_size(report->runs) - 1);

	if (newest)
		fprintf(stderr,
			"snarl: the store has no run %" PRId64 ": choose one of %" PRId64
			" to %" PRId64 "\n",
			report->run, field_integer(oldest, "run", 0),
			field_integer(newest, "run", 0));
	else
		fprintf(stderr,
			"snarl: the store has no run %" PRId64
			": it is empty; use snarl run first\n",
			report->run);
	return -ENOENT;
}

static int pages_write(const struct report *report)
{
	char name[PAGE_NAME_MAX];
	int error;

	for (size_t i = 0; i < report->count; i++) {
		const struct case_view *case_view = &report->cases[i];

		if (!case_view_has_page(case_view))
			continue;
		error = failure_write(report, case_view);
		if (error) {
			char *path = format("%s/%s", report->folder,
				page_name(name, case_view->scenario, case_view->variant,
					case_view->engine));

			complain(error, path);
			free(path);
			return error;
		}
	}
	return 0;
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
	const char *name = "ipc.html";
	int error = report->ipc ? ipc_page_write(report) : 0;
	char *path;

	if (!error && report->detection) {
		name = "detection.html";
		error = detection_page_write(report);
	}
	if (!error)
		return 0;
	path = format("%s/%s", report->folder, name);
	complain(error, path);
	free(path);
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

int report_write(struct store *store, const char *folder, int64_t run, const char *db, char **index)
{
	struct report report = {.store = store, .folder = folder, .run = run};
	json_t *cases = NULL;
	char *path = format("%s/index.html", folder);
	int error;

	*index = NULL;
	report.runs = store_runs(store);
	if (run && !report_run(&report, run)) {
		error = run_missing(&report);
		goto out;
	}
	error = folder_make(folder);
	if (error) {
		complain(error, folder);
		goto out;
	}
	html_sweep(folder);
	cases = store_cases(store, run);
	cases_take(&report, cases);
	report.earlier = earlier_load(store, report.runs);
	if (db)
		bench_load(&report, db);
	/* Write the pages first, so that the index never links to a missing page. */
	error = pages_write(&report);
	if (!error)
		error = bench_write(&report);
	if (error)
		goto out;
	error = index_write(&report);
	if (error) {
		complain(error, path);
		goto out;
	}
	error = kinds_write(&report);
	if (error)
		complain(error, folder);
out:
	if (!error) {
		*index = path;
		path = NULL;
	}
	free(path);
	free(report.cases);
	json_decref(report.earlier);
	json_decref(report.ipc);
	json_decref(report.detection);
	json_decref(report.runs);
	json_decref(cases);
	return error;
}
