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
#include "field.h"
#include "hash.h"
#include "kind.h"
#include "local.h"
#include "path.h"
#include "ulimits.h"
#include "text.h"

enum { STORE_VERSION = 6, BUSY_MS = 30000, SOURCE_BYTES_MAX = 1 << 20 };

/*
 * The schema and the long statements are files of their own, so that they can be read and run
 * separately.
 */
__asm__(".section .rodata\n"
	"schema_sql: .incbin \"harness/store/schema.sql\"\n"
	".byte 0\n"
	"upgrade_3_sql: .incbin \"harness/store/upgrade_3.sql\"\n"
	".byte 0\n"
	"upgrade_4_sql: .incbin \"harness/store/upgrade_4.sql\"\n"
	".byte 0\n"
	"upgrade_5_sql: .incbin \"harness/store/upgrade_5.sql\"\n"
	".byte 0\n"
	".previous\n");
extern const char schema_sql[], upgrade_3_sql[], upgrade_4_sql[], upgrade_5_sql[];

enum { UPGRADE_TEXTS = 5 };

/*
 * The statements that upgrade a store of each earlier version to a later one, which they set; texts
 * are run one after the other. The schema is the newest, so it takes a store to that at once.
 */
static const char *const upgrades_sql[STORE_VERSION][UPGRADE_TEXTS] = {
	[1] = {"ALTER TABLE failure ADD COLUMN trace TEXT NOT NULL DEFAULT '[]';"
	       "ALTER TABLE failure ADD COLUMN shape TEXT NOT NULL DEFAULT '{}';"
	       "ALTER TABLE failure ADD COLUMN coverage TEXT;"
	       "PRAGMA user_version = 2"},
	[2] = {"ALTER TABLE failure ADD COLUMN waits TEXT NOT NULL DEFAULT '{}';"
	       "PRAGMA user_version = 3"},
	[3] = {upgrade_5_sql,
		"ALTER TABLE result RENAME TO result_3; DROP INDEX result_run; DROP INDEX "
		"result_name",
		schema_sql, upgrade_3_sql, upgrade_4_sql},
	[4] = {upgrade_4_sql, "PRAGMA user_version = 5"},
	[5] = {upgrade_5_sql},
};

struct store {
	sqlite3 *db;
	char *path;
};

/* The limits that may be the cause of the last error. */
static const char *store_limits(const struct store *store)
{
	int code = sqlite3_errcode(store->db) & 0xff;

	return code == SQLITE_IOERR || code == SQLITE_FULL ? limits_for(EFBIG)
	       : code == SQLITE_NOMEM			   ? limits_for(ENOMEM)
							   : "";
}

static void store_die(struct store *store, const char *what)
{
	die(EXIT_COULD_NOT_RUN, "%s %s: %s%s; name another file with --db, or remove this one",
		what, store->path, sqlite3_errmsg(store->db), store_limits(store));
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

static void store_upgrade(struct store *store, const char *const sql[UPGRADE_TEXTS])
{
	for (unsigned i = 0; i < UPGRADE_TEXTS && sql[i]; i++)
		if (sqlite3_exec(store->db, sql[i], NULL, NULL, NULL) != SQLITE_OK)
			store_die(store, "cannot upgrade the store");
}

/*
 * Bring the tables of a new or an older store up to date. Several processes may try at once: the
 * first does it, the others find it done.
 */
static void store_prepare(struct store *store)
{
	int64_t version;

	if (sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
		store_die(store, "cannot write the store");
	version = store_number(store, "PRAGMA user_version");
	if (version == 0 && sqlite3_exec(store->db, schema_sql, NULL, NULL, NULL) != SQLITE_OK)
		store_die(store, "cannot create the store");
	for (; version > 0 && version < STORE_VERSION;
		version = store_number(store, "PRAGMA user_version"))
		store_upgrade(store, upgrades_sql[version]);
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

/*
 * Processes that share a store in WAL mode share memory, so they must be on one machine. Where
 * other machines may see the store, file locks are all that they can share.
 */
static int journal_choose(struct store *store)
{
	return sqlite3_exec(store->db,
		filesystem_is_local(store->path)
			? "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL"
			: "PRAGMA journal_mode = DELETE",
		NULL, NULL, NULL);
}

struct store *store_open(const char *path)
{
	struct store *store = store_connect(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);

	/*
	 * A single statement reads one state of the store: another snarl may be making the tables
	 * just now.
	 */
	if (store_number(store,
		    "SELECT application_id <> 0x736e726c AND"
		    " (SELECT count(*) FROM sqlite_schema) > 0 FROM pragma_application_id") == 1)
		die(EXIT_COULD_NOT_RUN,
			"%s is another program's database: name another file with --db", path);
	if (store_number(store, "PRAGMA user_version") > STORE_VERSION)
		die(EXIT_COULD_NOT_RUN,
			"%s was written by a newer version of snarl; use another file with --db",
			path);
	if (journal_choose(store) != SQLITE_OK)
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
	if (!filesystem_is_local(path))
		journal_choose(store); /* if it fails, because others read it, they write nothing */
	if (version < STORE_VERSION)
		store_prepare(store);
	return store;
}

int64_t store_run_begin(
	struct store *store, const json_t *environment, const struct store_part *part)
{
	char *text = json_dumps(environment, JSON_COMPACT);

	if (store_do(store,
		    "INSERT INTO run (environment, identity, campaign, shard, shards)"
		    " VALUES (?, lower(hex(randomblob(16))), ?, nullif(?, 0), nullif(?, 0))",
		    "ssii", text, part->campaign, (int64_t)part->number,
		    (int64_t)part->count) != SQLITE_OK)
		store_die(store, "cannot write the store");
	free(text);
	return sqlite3_last_insert_rowid(store->db);
}

static char *file_read(const char *root, const char *path)
{
	char *name = format("%s%s%s", *path == '/' ? "" : root, *path == '/' ? "" : "/", path);
	char *text = NULL;
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
static int folder_add(struct store *store, int64_t run, const struct catalog *catalog,
	const struct subject *subject)
{
	char *sources = source_folder(catalog, subject);
	char *folder = format("%s/%s", catalog->root, sources);
	DIR *directory = opendir(folder);
	struct dirent *entry;
	int code = SQLITE_OK;

	while (directory && code == SQLITE_OK && (entry = readdir(directory))) {
		const char *dot = strrchr(entry->d_name, '.');

		if (dot && (strcmp(dot, ".c") == 0 || strcmp(dot, ".h") == 0)) {
			char *path = source_path(catalog, subject, entry->d_name);

			code = source_add(store, run, catalog->root, path);
			free(path);
		}
	}
	if (directory)
		closedir(directory);
	free(folder);
	free(sources);
	return code;
}

/* What the subject was made of, if that is known. */
static int sources_add(struct store *store, int64_t run, const struct catalog *catalog,
	const struct subject *subject)
{
	const json_t *files = json_object_get(subject->json, "files"), *file;
	int code = SQLITE_OK;
	size_t i;

	if (!files)
		return folder_add(store, run, catalog, subject);
	json_array_foreach(files, i, file) {
		if (code == SQLITE_OK)
			code = source_add(store, run, catalog->root,
				path_below(catalog->root, json_string_value(file)));
	}
	return code;
}

static json_t *rules_json(const struct plan *plan)
{
	json_t *rules = json_array();

	for (unsigned i = 0; i < plan->rule_count; i++)
		json_array_append_new(rules, json_string(plan->rules[i]));
	return rules;
}

static int more_first(const void *left, const void *right)
{
	json_int_t a = json_integer_value(json_object_get(*(json_t *const *)left, "count"));
	json_int_t b = json_integer_value(json_object_get(*(json_t *const *)right, "count"));

	return a < b ? 1 : a > b ? -1 : 0;
}

/* A new array with the outcomes, the most frequent first. */
static json_t *outcomes_sorted(json_t *outcomes)
{
	size_t count = json_array_size(outcomes);
	json_t **rows = calloc(count + 1, sizeof *rows), *sorted = json_array();

	if (!rows)
		die(EXIT_COULD_NOT_RUN, "out of memory");
	for (size_t i = 0; i < count; i++)
		rows[i] = json_array_get(outcomes, i);
	qsort(rows, count, sizeof *rows, more_first);
	for (size_t i = 0; i < count; i++)
		json_array_append(sorted, rows[i]);
	free(rows);
	return sorted;
}

/* The detail as it is stored, see result.h; to be freed. */
static char *detail_text(const struct subject *subject, const struct result *result)
{
	char oracle[256], *text;
	json_t *detail = json_copy(result->detail);

	json_object_set_new(detail, "outcomes", outcomes_sorted(result_part(result, "outcomes")));
	json_object_set_new(detail, "seed", json_integer((json_int_t)result->plan.seed));
	json_object_set_new(detail, "rules", rules_json(&result->plan));
	json_object_set_new(detail, "expected", result_expected(result));
	json_object_set_new(
		detail, "oracle", json_string(kind_names(result->oracle, oracle, sizeof oracle)));
	json_object_set(detail, "catalog", subject->json);
	text = json_dumps(detail, JSON_COMPACT);
	json_decref(detail);
	return text;
}

static int result_add(struct store *store, int64_t run, const struct subject *subject,
	const struct result *result)
{
	char *detail = detail_text(subject, result);
	int code = store_do(store,
		"INSERT INTO result (run, scenario, variant, engine, verdict, outcome, executions,"
		" failures, first_failure_execution, seconds, token, message, detail)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, nullif(?, -1), ?, ?, ?, ?)",
		"isssssiiidsss", run, result->plan.scenario, result->plan.variant,
		result->plan.engine, kind_name(result->verdict), outcome_name(result->outcome),
		(int64_t)result->executions, (int64_t)result->failures,
		result->first_failure_execution, result->seconds, result->token, result->message,
		detail);

	free(detail);
	return code;
}

static int complain(struct store *store, const char *what)
{
	fprintf(stderr, "snarl: %s was not stored in %s: %s%s\n", what, store->path,
		sqlite3_errmsg(store->db), store_limits(store));
	sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	return -EIO;
}

int store_case_add(struct store *store, int64_t run, const struct catalog *catalog,
	const struct subject *subject, const struct result *result)
{
	int code = sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

	if (code == SQLITE_OK)
		code = sources_add(store, run, catalog, subject);
	if (code == SQLITE_OK)
		code = result_add(store, run, subject, result);
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
	static const char *const columns[] = {"environment", "detail", "rules", "injections"};

	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		if (strcmp(name, columns[i]) == 0)
			return true;
	return false;
}

/* An earlier version stored what the child printed as it was, so it may be no UTF-8. */
static json_t *json_decode(const char *text)
{
	json_t *json = json_loads(text, JSON_DECODE_ANY, NULL), *clean;

	if (json)
		return json;
	clean = event_text(text);
	json = json_loads(json_string_value(clean), JSON_DECODE_ANY, NULL);
	json_decref(clean);
	return json;
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
		if (!text)
			return json_null(); /* an empty blob, or out of memory */
		if (is_json_column(sqlite3_column_name(row, column)))
			return json_decode(text);
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

json_t *store_outcomes_after(struct store *store, int64_t run)
{
	return rows(store,
		"SELECT run, scenario, variant, engine, outcome FROM result WHERE \"case\" IN"
		" (SELECT max(\"case\") FROM result WHERE run <= ? GROUP BY scenario, variant, "
		"engine)"
		" ORDER BY scenario, variant, engine",
		"i", run);
}

json_t *store_tallies(struct store *store)
{
	return rows(store,
		"SELECT run, outcome, count(*) AS count FROM result GROUP BY run, outcome", "");
}

int64_t store_comparable(struct store *store, int64_t run)
{
	json_t *found = rows(store,
		"SELECT run FROM result AS other WHERE run < ?1 AND EXISTS (SELECT 1 FROM result"
		" WHERE run = ?1 AND scenario = other.scenario AND variant = other.variant"
		" AND engine = other.engine) GROUP BY run HAVING 2 * count(*) >="
		" (SELECT count(*) FROM result WHERE run = ?1) ORDER BY run DESC LIMIT 1",
		"i", run);
	int64_t comparable = field_integer(json_array_get(found, 0), "run", 0);

	json_decref(found);
	return comparable;
}

/*
 * Turn a row into a case as it is read: its detail beside its columns, and what its variant
 * declares.
 */
static void case_unfold(json_t *one)
{
	json_t *detail = json_incref(json_object_get(one, "detail"));
	json_t *catalog = json_object_get(detail, "catalog");

	json_object_del(one, "detail");
	json_object_update_missing(one, detail);
	json_object_set(one, "summary", json_object_get(catalog, "summary"));
	json_object_set(one, "refs", json_object_get(catalog, "refs"));
	json_object_set_new(one, "correct",
		json_boolean(field_is(json_object_get(catalog, "expect"), "bug", "clean")));
	json_decref(detail);
}

/*
 * The newest result of every case: of the campaign that ran it last. Shards of one campaign may
 * search the same case with different seeds: then one with a bug. A shard that ran it again has
 * only its last result of it. Not a result whose variant is deleted: its own run had the source,
 * and the newest run of the scenario does not have it. Only runs that keep a scenario's whole
 * folder tell: see sources_add.
 */
static const char newest_sql[] =
	"WITH known AS (SELECT \"case\", scenario, variant, engine, verdict, began,"
	"  coalesce(campaign, identity, run) AS whole, row_number() OVER (PARTITION BY scenario,"
	"   variant, engine, coalesce(campaign, identity, run), shard ORDER BY \"case\" DESC) AS "
	"age"
	"  FROM result JOIN run USING (run)),"
	" dated AS (SELECT *, max(began) OVER (PARTITION BY scenario, variant, engine, whole)"
	"  AS last FROM known WHERE age = 1),"
	" ranked AS (SELECT \"case\", row_number() OVER (PARTITION BY scenario, variant, engine"
	"  ORDER BY last DESC, verdict = 'clean', \"case\" DESC) AS place,"
	"  '*/' || scenario || '/' || variant || '.c' AS file FROM dated)"
	"SELECT result.* FROM result JOIN ranked USING (\"case\") JOIN (SELECT scenario,"
	" max(run) AS newest FROM result GROUP BY scenario) USING (scenario)"
	" WHERE place = 1 AND ? = 0 AND NOT ("
	"  run < newest AND EXISTS (SELECT 1 FROM source WHERE run = result.run AND path GLOB file)"
	"  AND NOT EXISTS (SELECT 1 FROM source WHERE run = newest AND path GLOB file)"
	"  AND json_type(detail, '$.catalog.files') IS NULL"
	"  AND NOT EXISTS (SELECT 1 FROM result AS other WHERE run = newest"
	"   AND scenario = result.scenario AND json_type(detail, '$.catalog.files') IS NOT NULL))"
	" ORDER BY scenario, variant, engine";

json_t *store_cases(struct store *store, int64_t run)
{
	json_t *cases = rows(store,
		run ? "SELECT * FROM result WHERE run = ?"
		      " ORDER BY scenario, variant, engine, \"case\""
		    : newest_sql,
		"i", run);
	json_t *one;
	size_t i;

	json_array_foreach(cases, i, one) {
		case_unfold(one);
	}
	return cases;
}

json_t *store_history(
	struct store *store, const char *scenario, const char *variant, const char *engine)
{
	return rows(store,
		"SELECT run, began, outcome, verdict, executions, failures, seconds"
		" FROM result JOIN run USING (run)"
		" WHERE scenario = ? AND variant = ? AND engine = ? ORDER BY \"case\" DESC",
		"sss", scenario, variant, engine);
}

json_t *store_part_results(struct store *store, const struct store_part *part)
{
	return rows(store,
		"SELECT scenario, variant, engine, outcome, verdict FROM result JOIN run USING "
		"(run)"
		" WHERE campaign = ? AND ifnull(shard, 0) = ? AND ifnull(shards, 0) = ?",
		"sii", part->campaign, (int64_t)part->number, (int64_t)part->count);
}

bool store_part_done(struct store *store, const struct store_part *part)
{
	json_t *done = rows(store,
		"SELECT run FROM run WHERE how = 'done' AND campaign = ? AND ifnull(shard, 0) = ?"
		" AND ifnull(shards, 0) = ?",
		"sii", part->campaign, (int64_t)part->number, (int64_t)part->count);
	bool any = json_array_size(done) > 0;

	json_decref(done);
	return any;
}

json_t *store_results_newest(struct store *store)
{
	return rows(store,
		"SELECT scenario, variant, engine, outcome, verdict, executions, failures, seconds"
		" FROM result JOIN run USING (run)"
		" WHERE json_extract(environment, '$.commit') IS (SELECT"
		"  json_extract(environment, '$.commit') FROM run ORDER BY began DESC LIMIT 1)"
		" ORDER BY scenario, variant, engine, \"case\"",
		"");
}

json_t *store_seconds(struct store *store)
{
	json_t *means = rows(store,
		"SELECT scenario || '/' || variant || '/' || engine AS name,"
		" avg(coalesce(json_extract(detail, '$.took'), seconds)) AS seconds FROM result "
		"GROUP BY 1",
		"");
	json_t *seconds = json_object(), *one;
	size_t i;

	json_array_foreach(means, i, one) {
		json_object_set(seconds, field_text(one, "name"), json_object_get(one, "seconds"));
	}
	json_decref(means);
	return seconds;
}

json_t *store_campaigns(struct store *store)
{
	return rows(store,
		"WITH RECURSIVE"
		" campaigns AS (SELECT campaign, max(shards) AS shards, min(began) AS began FROM "
		"run"
		"  WHERE shards GROUP BY campaign),"
		" numbers AS (SELECT campaign, shards, began, 1 AS shard FROM campaigns"
		"  UNION ALL SELECT campaign, shards, began, shard + 1 FROM numbers"
		"  WHERE shard < shards),"
		" states AS (SELECT *, EXISTS (SELECT 1 FROM run WHERE how = 'done' AND"
		"  run.campaign = numbers.campaign AND run.shard = numbers.shard"
		"  AND run.shards = numbers.shards) AS done FROM numbers ORDER BY shard)"
		"SELECT campaign, shards, sum(done) AS done,"
		" ifnull(group_concat(CASE WHEN NOT done THEN shard END, ', '), '') AS missing"
		" FROM states GROUP BY campaign ORDER BY began DESC",
		"");
}

json_t *store_rates(struct store *store, const char *scenario, const char *variant,
	const char *engine, int64_t most)
{
	return rows(store,
		"SELECT executions, failures, json_extract(detail, '$.rules') AS rules,"
		" json_extract(detail, '$.injections') AS injections FROM result"
		" WHERE scenario = ? AND variant = ? AND engine = ? ORDER BY \"case\" DESC LIMIT ?",
		"sssi", scenario, variant, engine, most);
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

static json_t *folder_sources(
	struct store *store, int64_t run, const char *scenario, const char *files)
{
	char *pattern = format("*/%s/%s", scenario, files);
	json_t *found = rows(store,
		"SELECT path, text FROM source JOIN text USING (hash)"
		" WHERE run = ? AND path GLOB ? ORDER BY path",
		"is", run, pattern);

	free(pattern);
	return found;
}

json_t *store_correct_sources(struct store *store, int64_t run, const char *scenario)
{
	return folder_sources(store, run, scenario, "correct*.c");
}

json_t *store_folder_sources(struct store *store, int64_t run, const char *scenario)
{
	return folder_sources(store, run, scenario, "*.[ch]");
}

json_t *store_old_runs(struct store *store, uint64_t keep)
{
	return rows(store,
		"SELECT run.*, (SELECT count(*) FROM result WHERE result.run = run.run) AS cases"
		" FROM run WHERE run NOT IN (SELECT run FROM run ORDER BY run DESC LIMIT ?)"
		" AND run NOT IN (SELECT run FROM result WHERE \"case\" IN"
		" (SELECT max(\"case\") FROM result GROUP BY scenario, variant, engine))"
		" AND NOT (how IS NULL AND began > datetime('now', '-1 day')) ORDER BY run",
		"i", (int64_t)keep);
}

int store_prune(struct store *store, const json_t *runs)
{
	static const char *const tables[] = {"result", "source", "run"};
	int code = store_do(store, "BEGIN IMMEDIATE", "");
	const json_t *run;
	size_t i;

	json_array_foreach(runs, i, run) {
		for (size_t k = 0; k < sizeof tables / sizeof *tables && code == SQLITE_OK; k++) {
			char *sql = format("DELETE FROM %s WHERE run = ?", tables[k]);

			code = store_do(store, sql, "i", field_integer(run, "run", 0));
			free(sql);
		}
	}
	if (code == SQLITE_OK)
		code = store_do(
			store, "DELETE FROM text WHERE hash NOT IN (SELECT hash FROM source)", "");
	if (code == SQLITE_OK)
		code = store_do(store, "COMMIT", "");
	if (code == SQLITE_OK)
		code = store_do(store, "VACUUM", "");
	if (code == SQLITE_OK)
		return 0;
	fprintf(stderr, "snarl: cannot prune the store %s: %s%s\n", store->path,
		sqlite3_errmsg(store->db), store_limits(store));
	store_do(store, "ROLLBACK", "");
	return -EIO;
}
