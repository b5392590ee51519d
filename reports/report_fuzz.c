/*
 * report_fuzz.c - whatever a store's row says of a case, its pages and exports can be made.
 *
 * An input is a row's texts, each ended by a NUL, in the order of `columns`; those that are missing
 * keep a value that a page needs.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exports.h"
#include "report.h"
#include "snarl.h"
#include "text.h"

const struct snarl_scenario scenario = {0};

static char folder[] = "/tmp/snarl_fuzz.XXXXXX";
static char *path;
static sqlite3 *db;

int LLVMFuzzerInitialize(int *count, char ***arguments);
/* In all formats; the bytes are for nobody. */
static void exports_write(struct store *store)
{
	json_t *cases = store_cases(store, 0);
	FILE *file = fopen("/dev/null", "we");

	for (const struct export_format *one = export_formats; one->name; one++)
		one->write(store, cases, file);
	fclose(file);
	json_decref(cases);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void store_clear(void)
{
	char *command = format("rm -rf %s", folder);

	sqlite3_close(db);
	if (system(command) != 0)
		perror(folder);
	free(command);
}

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
	json_t *environment = json_object();
	struct store *store;

	(void)count;
	(void)arguments;
	if (!mkdtemp(folder))
		abort();
	path = format("%s/snarl.db", folder);
	store = store_open(path);
	store_run_begin(store, environment);
	store_close(store);
	json_decref(environment);
	if (sqlite3_open(path, &db) != SQLITE_OK)
		abort();
	return atexit(store_clear);
}

/* The text at `*at`, of the `*left` bytes there; NULL at their end. */
static char *text_next(const uint8_t **at, size_t *left)
{
	size_t length = strnlen((const char *)*at, *left);
	char *text = *left ? format("%.*s", (int)length, (const char *)*at) : NULL;
	size_t taken = length < *left ? length + 1 : length;

	*at += taken;
	*left -= taken;
	return text;
}

static void row_write(const uint8_t *data, size_t size)
{
	static const char *const columns[] = {"{}", "deadlock", "caught", "it is stuck", "token",
		"explore", "variant", "scenario"};
	sqlite3_stmt *row;

	sqlite3_exec(db, "DELETE FROM result", NULL, NULL, NULL);
	if (sqlite3_prepare_v2(db,
		    "INSERT INTO result (detail, verdict, outcome, message, token, engine, variant,"
		    " scenario, run, executions, failures, first_failure_execution, seconds)"
		    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 9, 1, 0, 0.5)",
		    -1, &row, NULL) != SQLITE_OK)
		abort();
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		char *text = text_next(&data, &size);

		sqlite3_bind_text(row, (int)i + 1, text ? text : columns[i], -1, SQLITE_TRANSIENT);
		free(text);
	}
	if (sqlite3_step(row) != SQLITE_DONE)
		abort();
	sqlite3_finalize(row);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *detail = json_loadb((const char *)data, strnlen((const char *)data, size), 0, NULL);
	struct store *store;
	char *index;

	json_decref(detail);
	if (!detail) /* refused when it is read, with exit status 3 */
		return 0;
	row_write(data, size);
	store = store_read(path);
	report_write(store, folder, 0, NULL, &index);
	free(index);
	exports_write(store);
	store_close(store);
	return 0;
}
