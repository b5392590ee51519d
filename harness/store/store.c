/* store.c - results in SQLite. */
#define _GNU_SOURCE
#include "store.h"

#include <dirent.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "exit.h"
#include "hash.h"
#include "kind.h"
#include "text.h"

enum { STORE_VERSION = 3, BUSY_MS = 30000, SOURCE_BYTES_MAX = 1 << 20 };

/* The schema is a file of its own, so that it can be read and run by itself. */
__asm__(".section .rodata\n"
	"schema_sql: .incbin \"harness/store/schema.sql\"\n"
	".byte 0\n"
	".previous\n");
extern const char schema_sql[];

/* What a store of each version before this one has not: the schema's last columns of `failure`. */
static const char *const upgrades_sql[STORE_VERSION] = {
	[1] = "ALTER TABLE failure ADD COLUMN trace TEXT NOT NULL DEFAULT '[]';"
	      "ALTER TABLE failure ADD COLUMN shape TEXT NOT NULL DEFAULT '{}';"
	      "ALTER TABLE failure ADD COLUMN coverage TEXT;"
	      "PRAGMA user_version = 2",
	[2] = "ALTER TABLE failure ADD COLUMN waits TEXT NOT NULL DEFAULT '{}';"
	      "PRAGMA user_version = 3",
};

struct store {
	sqlite3 *db;
	char *path;
};

static void store_die(struct store *store, const char *what)
{
	die(EXIT_COULD_NOT_RUN, "%s %s: %s; name another file with --db, or remove this one", what,
		store->path, sqlite3_errmsg(store->db));
}

/* Run one statement; arguments by letters: i int64, d double, s text (may be NULL). */
static int store_do(struct store *store, const char *sql, const char *letters, ...)
{
	sqlite3_stmt *statement;
	va_list arguments;
	int code = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL);

	if (code != SQLITE_OK)
		return code;
	va_start(arguments, letters);
	for (int i = 0; letters[i]; i++) {
		if (letters[i] == 'i')
			sqlite3_bind_int64(statement, i + 1, va_arg(arguments, int64_t));
		else if (letters[i] == 'd')
			sqlite3_bind_double(statement, i + 1, va_arg(arguments, double));
		else
			sqlite3_bind_text(statement, i + 1, va_arg(arguments, const char *), -1,
				SQLITE_TRANSIENT);
	}
	va_end(arguments);
	code = sqlite3_step(statement);
	sqlite3_finalize(statement);
	return code == SQLITE_DONE || code == SQLITE_ROW ? SQLITE_OK : code;
}

static int64_t store_number(struct store *store, const char *sql)
{
	sqlite3_stmt *statement;
	int64_t number = -1;

	if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK)
		return -1;
	if (sqlite3_step(statement) == SQLITE_ROW)
		number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return number;
}

/*
 * Bring the tables of a new or an older store up to date. Several may come to it at once: the first
 * does it, the others see it done.
 */
static void store_prepare(struct store *store)
{
	int64_t version;

	if (sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
		store_die(store, "cannot write the store");
	version = store_number(store, "PRAGMA user_version");
	if (version == 0 && sqlite3_exec(store->db, schema_sql, NULL, NULL, NULL) != SQLITE_OK)
		store_die(store, "cannot create the store");
	for (; version > 0 && version < STORE_VERSION; version++)
		if (sqlite3_exec(store->db, upgrades_sql[version], NULL, NULL, NULL) != SQLITE_OK)
			store_die(store, "cannot upgrade the store");
	if (sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		store_die(store, "cannot write the store");
}

static struct store *store_connect(const char *path, int flags)
{
	struct store *store = calloc(1, sizeof *store);

	if (!store)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	store->path = format("%s", path);
	if (sqlite3_open_v2(path, &store->db, flags, NULL) != SQLITE_OK)
		store_die(store, "cannot open the store");
	sqlite3_busy_timeout(store->db, BUSY_MS);
	return store;
}

struct store *store_open(const char *path)
{
	struct store *store = store_connect(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);

	/* One statement, one view: another snarl may be making the tables just now. */
	if (store_number(store,
		    "SELECT application_id <> 0x736e726c AND"
		    " (SELECT count(*) FROM sqlite_schema) > 0 FROM pragma_application_id") == 1)
		die(EXIT_COULD_NOT_RUN,
			"%s is another program's database: name another file with --db", path);
	if (store_number(store, "PRAGMA user_version") > STORE_VERSION)
		die(EXIT_COULD_NOT_RUN,
			"%s was written by a newer version of snarl; use another file with --db",
			path);
	if (sqlite3_exec(store->db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", NULL,
		    NULL, NULL) != SQLITE_OK)
		store_die(store, "cannot use the store");
	store_prepare(store);
	return store;
}

struct store *store_read(const char *path)
{
	struct store *store = store_connect(path, SQLITE_OPEN_READWRITE);
	int64_t version = store_number(store, "PRAGMA user_version");

	if (version < 0)
		store_die(store, "cannot read the store");
	if (version < 1 || version > STORE_VERSION)
		die(EXIT_COULD_NOT_RUN, "%s is no store of this snarl: name one with --db", path);
	if (version < STORE_VERSION)
		store_prepare(store);
	return store;
}

int64_t store_run_begin(struct store *store, const json_t *environment)
{
	char *text = json_dumps(environment, JSON_COMPACT);

	if (store_do(store, "INSERT INTO run (environment) VALUES (?)", "s", text) != SQLITE_OK)
		store_die(store, "cannot write the store");
	free(text);
	return sqlite3_last_insert_rowid(store->db);
}

static char *file_read(const char *root, const char *path)
{
	char *name = format("%s/%s", root, path), *text = NULL;
	FILE *file = fopen(name, "r");
	size_t got;

	free(name);
	if (!file)
		return NULL;
	text = calloc(1, SOURCE_BYTES_MAX + 1);
	got = text ? fread(text, 1, SOURCE_BYTES_MAX, file) : 0;
	fclose(file);
	if (text)
		text[got] = '\0';
	return text;
}

static int source_add(struct store *store, int64_t run, const char *root, const char *path)
{
	char *text = file_read(root, path);
	int code = SQLITE_OK;

	if (text)
		code = store_do(store, "INSERT OR IGNORE INTO text VALUES (?, ?)", "is",
			(int64_t)hash64(text), text);
	if (text && code == SQLITE_OK)
		code = store_do(store, "INSERT OR IGNORE INTO source VALUES (?, ?, ?)", "isi", run,
			path, (int64_t)hash64(text));
	free(text);
	return code;
}

/* Every .c and .h of the scenario's folder: the variant, its header, its correct twins. */
static int sources_add(
	struct store *store, int64_t run, const struct catalog *catalog, const char *scenario)
{
	char *folder = format("%s/%s/%s", catalog->root, catalog->folder, scenario);
	DIR *directory = opendir(folder);
	struct dirent *entry;
	int code = SQLITE_OK;

	while (directory && code == SQLITE_OK && (entry = readdir(directory))) {
		const char *dot = strrchr(entry->d_name, '.');

		if (dot && (strcmp(dot, ".c") == 0 || strcmp(dot, ".h") == 0)) {
			char *path = source_path(catalog, scenario, entry->d_name);

			code = source_add(store, run, catalog->root, path);
			free(path);
		}
	}
	if (directory)
		closedir(directory);
	free(folder);
	return code;
}

static json_t *rules_json(const struct plan *plan)
{
	json_t *rules = json_array();

	for (unsigned i = 0; i < plan->rule_count; i++)
		json_array_append_new(rules, json_string(plan->rules[i]));
	return rules;
}

static int result_add(struct store *store, int64_t run, const struct variant *variant,
	const struct result *result)
{
	char expected[256], oracle[256];
	json_t *rules_array = rules_json(&result->plan);
	char *rules = json_dumps(rules_array, JSON_COMPACT);
	char *catalog = json_dumps(variant->json, JSON_COMPACT);
	int code = store_do(store,
		"INSERT INTO result (run, scenario, variant, engine, verdict, expected, outcome,"
		" oracle, executions, failures, first_failure_execution, seconds, seed, arm, token,"
		" message, output, rules, catalog)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, -1), ?, ?, ?, ?, ?, ?, ?, ?)",
		"isssssssiiidissssss", run, result->plan.scenario, result->plan.variant,
		result->plan.engine, kind_name(result->verdict),
		kind_names(result->expected, expected, sizeof expected),
		outcome_name(result->outcome), kind_names(result->oracle, oracle, sizeof oracle),
		(int64_t)result->executions, (int64_t)result->failures,
		result->first_failure_execution, result->seconds, (int64_t)result->plan.seed,
		result->arm, result->token, result->message, result->output, rules, catalog);

	json_decref(rules_array);
	free(rules);
	free(catalog);
	return code;
}

static int details_add(struct store *store, int64_t id, const struct result *result)
{
	char *races = json_dumps(result->races, JSON_COMPACT);
	char *observed = json_dumps(result->observed, JSON_COMPACT);
	char *trace = json_dumps(result->trace, JSON_COMPACT);
	char *shape = json_dumps(result->shape, JSON_COMPACT);
	char *waits = json_dumps(result->waits, JSON_COMPACT);
	int code = store_do(store,
		"INSERT INTO failure (\"case\", races, observed, trace, shape, coverage, waits)"
		" VALUES (?, ?, ?, ?, ?, ?, ?)",
		"issssss", id, races, observed, trace, shape, result->coverage, waits);
	json_t *row;
	size_t i;

	free(races);
	free(observed);
	free(trace);
	free(shape);
	free(waits);
	json_array_foreach(result->outcomes, i, row) {
		if (code == SQLITE_OK)
			code = store_do(store, "INSERT INTO outcome VALUES (?, ?, ?, ?, ?)",
				"isssi", id, json_string_value(json_object_get(row, "label")),
				json_string_value(json_object_get(row, "kinds")),
				json_string_value(json_object_get(row, "message")),
				(int64_t)json_integer_value(json_object_get(row, "count")));
	}
	json_array_foreach(result->injections, i, row) {
		if (code == SQLITE_OK)
			code = store_do(store, "INSERT INTO injection VALUES (?, ?, ?)", "isi", id,
				json_string_value(json_object_get(row, "rule")),
				(int64_t)json_integer_value(json_object_get(row, "count")));
	}
	return code;
}

static int complain(struct store *store, const char *what)
{
	fprintf(stderr, "snarl: %s was not stored in %s: %s\n", what, store->path,
		sqlite3_errmsg(store->db));
	sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	return -EIO;
}

int store_case_add(struct store *store, int64_t run, const struct catalog *catalog,
	const struct variant *variant, const struct result *result)
{
	int code = sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

	if (code == SQLITE_OK)
		code = sources_add(store, run, catalog, variant->scenario);
	if (code == SQLITE_OK)
		code = result_add(store, run, variant, result);
	if (code == SQLITE_OK)
		code = details_add(store, sqlite3_last_insert_rowid(store->db), result);
	if (code == SQLITE_OK)
		code = sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
	return code == SQLITE_OK ? 0 : complain(store, "a result");
}

int store_run_end(struct store *store, int64_t run, const char *how)
{
	int code = store_do(store,
		"UPDATE run SET ended = strftime('%Y-%m-%d %H:%M:%f', 'now'), how = ? WHERE run = "
		"?",
		"si", how, run);

	return code == SQLITE_OK ? 0 : complain(store, "the end of the run");
}

void store_close(struct store *store)
{
	sqlite3_close(store->db);
	free(store->path);
	free(store);
}

static bool is_json_column(const char *name)
{
	static const char *const columns[] = {
		"environment", "rules", "catalog", "races", "observed", "trace", "shape", "waits"};

	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		if (strcmp(name, columns[i]) == 0)
			return true;
	return false;
}

static json_t *column_json(sqlite3_stmt *row, int column)
{
	const char *text;

	switch (sqlite3_column_type(row, column)) {
	case SQLITE_INTEGER:
		return json_integer(sqlite3_column_int64(row, column));
	case SQLITE_FLOAT:
		return json_real(sqlite3_column_double(row, column));
	case SQLITE_NULL:
		return json_null();
	default:
		text = (const char *)sqlite3_column_text(row, column);
		if (is_json_column(sqlite3_column_name(row, column)))
			return json_loads(text, JSON_DECODE_ANY, NULL);
		return event_text(text);
	}
}

/* All rows of a query as objects by column name. */
static json_t *rows(struct store *store, const char *sql, const char *letters, ...)
{
	json_t *array = json_array();
	sqlite3_stmt *statement;
	va_list arguments;
	int code;

	if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK)
		store_die(store, "cannot read the store");
	va_start(arguments, letters);
	for (int i = 0; letters[i]; i++) {
		if (letters[i] == 'i')
			sqlite3_bind_int64(statement, i + 1, va_arg(arguments, int64_t));
		else
			sqlite3_bind_text(statement, i + 1, va_arg(arguments, const char *), -1,
				SQLITE_TRANSIENT);
	}
	va_end(arguments);
	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		json_t *object = json_object();

		for (int i = 0; i < sqlite3_column_count(statement); i++)
			json_object_set_new(object, sqlite3_column_name(statement, i),
				column_json(statement, i));
		json_array_append_new(array, object);
	}
	if (code != SQLITE_DONE)
		store_die(store, "cannot read the store");
	sqlite3_finalize(statement);
	return array;
}

json_t *store_runs(struct store *store)
{
	return rows(store, "SELECT * FROM run ORDER BY run DESC", "");
}

static json_t *injections_of(struct store *store, const json_t *one)
{
	return rows(store, "SELECT rule, count FROM injection WHERE \"case\" = ?", "i",
		json_integer_value(json_object_get(one, "case")));
}

json_t *store_counts(struct store *store, int64_t run)
{
	json_t *cases = rows(store,
		"SELECT \"case\", scenario, variant, engine, outcome, verdict, executions, "
		"failures,"
		" rules FROM result WHERE run = ? ORDER BY scenario, variant, engine, \"case\"",
		"i", run);
	json_t *one;
	size_t i;

	json_array_foreach(cases, i, one) {
		json_object_set_new(one, "injections", injections_of(store, one));
	}
	return cases;
}

json_t *store_cases(struct store *store, int64_t run)
{
	json_t *cases = rows(store,
		run ? "SELECT * FROM result NATURAL JOIN failure WHERE run = ?"
		      " ORDER BY scenario, variant, engine, \"case\""
		    : "SELECT * FROM result NATURAL JOIN failure WHERE \"case\" IN (SELECT "
		      "max(\"case\")"
		      " FROM result GROUP BY scenario, variant, engine) AND ? = 0"
		      " ORDER BY scenario, variant, engine",
		"i", run);
	json_t *one;
	size_t i;

	json_array_foreach(cases, i, one) {
		int64_t id = json_integer_value(json_object_get(one, "case"));
		json_t *catalog = json_object_get(one, "catalog");
		const char *bug = json_string_value(
			json_object_get(json_object_get(catalog, "expect"), "bug"));

		json_object_set_new(one, "outcomes",
			rows(store,
				"SELECT label, kinds, message, count FROM outcome WHERE \"case\" = "
				"?"
				" ORDER BY count DESC",
				"i", id));
		json_object_set_new(one, "injections", injections_of(store, one));
		json_object_set(one, "summary", json_object_get(catalog, "summary"));
		json_object_set(one, "refs", json_object_get(catalog, "refs"));
		json_object_set_new(one, "correct", json_boolean(bug && strcmp(bug, "clean") == 0));
	}
	return cases;
}

json_t *store_history(
	struct store *store, const char *scenario, const char *variant, const char *engine)
{
	return rows(store,
		"SELECT run, began, outcome, verdict, executions, failures, seconds, rules"
		" FROM result JOIN run USING (run)"
		" WHERE scenario = ? AND variant = ? AND engine = ? ORDER BY \"case\" DESC",
		"sss", scenario, variant, engine);
}

json_t *store_source(struct store *store, int64_t run, const char *path)
{
	json_t *found = rows(store,
		"SELECT path, text FROM source JOIN text USING (hash) WHERE run = ? AND path = ?",
		"is", run, path);
	json_t *one = json_incref(json_array_get(found, 0));

	json_decref(found);
	return one;
}

json_t *store_correct_sources(struct store *store, int64_t run, const char *scenario)
{
	char *pattern = format("*/%s/correct*.c", scenario);
	json_t *found = rows(store,
		"SELECT path, text FROM source JOIN text USING (hash)"
		" WHERE run = ? AND path GLOB ? ORDER BY path",
		"is", run, pattern);

	free(pattern);
	return found;
}
