/* merge.c - stores into one: nothing is lost, and nothing is counted twice. */
#include "merge.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "exit.h"
#include "store.h"
#include "text.h"

enum { BUSY_MS = 30000 };

/* Texts, and runs that are new or have ended since. */
static const char runs_sql[] =
	"INSERT OR IGNORE INTO main.text SELECT * FROM other.text;"
	"INSERT INTO main.run (began, ended, how, environment, identity, campaign, shard, shards)"
	" SELECT began, ended, how, environment, identity, campaign, shard, shards FROM other.run"
	" WHERE identity NOT IN (SELECT identity FROM main.run) ORDER BY run;"
	"UPDATE main.run SET (ended, how) = (SELECT ended, how FROM other.run AS new"
	"  WHERE new.identity = main.run.identity)"
	" WHERE how IS NULL AND identity IN (SELECT identity FROM other.run WHERE how NOT NULL);"
	"INSERT OR IGNORE INTO main.source SELECT mine.run, path, hash FROM other.source"
	" JOIN other.run AS new USING (run) JOIN main.run AS mine USING (identity)";

/* A run only grows, and in the order of its results: those that are missing are its last. */
static const char results_sql[] =
	"WITH pair AS MATERIALIZED (SELECT new.run, mine.run AS into_run,"
	"  (SELECT count(*) FROM main.result WHERE result.run = mine.run) AS had"
	"  FROM other.run AS new JOIN main.run AS mine USING (identity)),"
	" numbered AS (SELECT \"case\", run, row_number() OVER (PARTITION BY run ORDER BY \"case\")"
	"  AS number FROM other.result),"
	" missing AS (SELECT \"case\", into_run, number FROM numbered JOIN pair USING (run)"
	"  WHERE number > had)"
	"INSERT INTO main.result (run, scenario, variant, engine, verdict, outcome, executions,"
	" failures, first_failure_execution, seconds, token, message, detail)"
	" SELECT into_run, scenario, variant, engine, verdict, outcome, executions, failures,"
	" first_failure_execution, seconds, token, message, detail"
	" FROM missing CROSS JOIN other.result USING (\"case\") ORDER BY into_run, number";

static void refuse(sqlite3 *db, const char *into, const char *from)
{
	die(EXIT_COULD_NOT_RUN, "cannot merge %s into %s: %s", from, into, sqlite3_errmsg(db));
}

/* Run statements; returns the rows that the last of them changed, or -1. */
static int64_t statements_run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? sqlite3_changes64(db) : -1;
}

static int attach(sqlite3 *db, const char *from)
{
	char *sql = sqlite3_mprintf("ATTACH %Q AS other", from);
	int code = sqlite3_exec(db, sql, NULL, NULL, NULL);

	sqlite3_free(sql);
	return code;
}

static int64_t runs_count(sqlite3 *db)
{
	sqlite3_stmt *statement;
	int64_t count = 0;

	if (sqlite3_prepare_v2(db, "SELECT count(*) FROM main.run", -1, &statement, NULL) !=
		SQLITE_OK)
		return 0;
	if (sqlite3_step(statement) == SQLITE_ROW)
		count = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return count;
}

struct merged store_merge(const char *into, const char *from)
{
	struct merged merged = {0};
	int64_t before;
	sqlite3 *db;

	store_close(store_read(from)); /* refuses what is no store, and upgrades an older one */
	store_close(store_open(into));
	if (sqlite3_open_v2(into, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
		refuse(db, into, from);
	sqlite3_busy_timeout(db, BUSY_MS);
	if (attach(db, from) != SQLITE_OK || statements_run(db, "BEGIN IMMEDIATE") < 0)
		refuse(db, into, from);
	before = runs_count(db);
	if (statements_run(db, runs_sql) < 0 ||
		(merged.results = statements_run(db, results_sql)) < 0)
		refuse(db, into, from);
	merged.runs = runs_count(db) - before;
	if (statements_run(db, "COMMIT") < 0)
		refuse(db, into, from);
	sqlite3_close(db);
	return merged;
}

void store_thin(const char *path)
{
	sqlite3 *db;

	store_close(store_open(path));
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
		statements_run(db, "UPDATE result SET seconds = coalesce(json_extract(detail, "
				   "'$.took'), seconds),"
				   " detail = '{}', message = '', token = '';"
				   "DELETE FROM source; DELETE FROM text; VACUUM") < 0)
		die(EXIT_COULD_NOT_RUN, "cannot write %s: %s", path, sqlite3_errmsg(db));
	sqlite3_close(db);
}
