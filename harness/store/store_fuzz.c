/*
 * store_fuzz.c - whatever a store's file says, it is refused or can be read.
 *
 * The first byte of an input says what the others are: the whole file; changes of a good one, three
 * bytes each (where, and the new byte); or values for the columns of its rows, each ended by a NUL.
 */
#include "store.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text.h"

const struct snarl_scenario scenario = {0};

static char folder[] = "/tmp/snarl_fuzz.XXXXXX";
static unsigned char *good;
static size_t good_bytes;
static jmp_buf refused;
static sqlite3 *opened; /* by the store, which does not close it when it refuses */

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__asan_default_options(void);
void __wrap_die(int code, const char *text, ...) __attribute__((noreturn));

/* What is refused would end the program, and leaves its memory behind. */
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

void __wrap_die(int code, const char *text, ...)
{
	(void)text;
	longjmp(refused, code);
}

int __real_sqlite3_open_v2(const char *path, sqlite3 **db, int flags, const char *vfs);
int __wrap_sqlite3_open_v2(const char *path, sqlite3 **db, int flags, const char *vfs);

int __wrap_sqlite3_open_v2(const char *path, sqlite3 **db, int flags, const char *vfs)
{
	int code = __real_sqlite3_open_v2(path, db, flags, vfs);

	opened = *db;
	return code;
}

static void opened_close(void)
{
	sqlite3_stmt *statement;

	while ((statement = sqlite3_next_stmt(opened, NULL)))
		sqlite3_finalize(statement);
	sqlite3_close(opened);
}

static void folder_remove(void)
{
	char *command = format("rm -rf %s", folder);

	if (system(command) != 0)
		perror(folder);
	free(command);
}

/* A name that no store had before: SQLite remembers the files that it has open. */
static char *path_next(void)
{
	static unsigned long number;

	return format("%s/%lu.db", folder, number++);
}

static void file_write(const char *path, const void *bytes, size_t size)
{
	FILE *file = fopen(path, "w");

	if (!file || fwrite(bytes, 1, size, file) != size)
		abort();
	fclose(file);
}

/* A store with a row in each table. */
static void good_make(void)
{
	static const char rows[] =
		"PRAGMA journal_mode = DELETE;"
		"INSERT INTO run (environment) VALUES ('{}');"
		"INSERT INTO text VALUES (1, 'int main(void);');"
		"INSERT INTO source VALUES (1, 'scenarios/a/correct.c', 1);"
		"INSERT INTO result (run, scenario, variant, engine, verdict, outcome, executions,"
		" failures, seconds, message, token, detail) VALUES"
		" (1, 'a', 'b', 'stress', 'clean', 'clean', 1, 0, 0.5, '', '', '{\"rules\":[]}')";
	char *path = path_next();
	FILE *file;
	sqlite3 *db;

	store_close(store_open(path));
	if (sqlite3_open(path, &db) != SQLITE_OK ||
		sqlite3_exec(db, rows, NULL, NULL, NULL) != SQLITE_OK)
		abort();
	sqlite3_close(db);
	file = fopen(path, "r");
	if (!file || fseek(file, 0, SEEK_END) != 0)
		abort();
	good_bytes = (size_t)ftell(file);
	good = malloc(good_bytes);
	rewind(file);
	if (!good || fread(good, 1, good_bytes, file) != good_bytes)
		abort();
	fclose(file);
	free(path);
}

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
	(void)count;
	(void)arguments;
	if (!mkdtemp(folder))
		abort();
	good_make();
	return atexit(folder_remove);
}

static void changed_write(const char *path, const uint8_t *data, size_t size)
{
	unsigned char *changed = malloc(good_bytes);

	if (!changed)
		abort();
	memcpy(changed, good, good_bytes);
	for (; size >= 3; data += 3, size -= 3)
		changed[(size_t)(data[0] << 8 | data[1]) % good_bytes] = data[2];
	file_write(path, changed, good_bytes);
	free(changed);
}

/* A value whose first byte says whether it is a number, a blob, NULL or a text. */
static void value_set(sqlite3 *db, const char *sql, const uint8_t *value, size_t size)
{
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
		abort();
	if (size && *value == 1)
		sqlite3_bind_int64(statement, 1, (sqlite3_int64)size - 9);
	else if (size && *value == 2)
		sqlite3_bind_blob(statement, 1, value + 1, (int)size - 1, SQLITE_STATIC);
	else if (!size || *value != 3)
		sqlite3_bind_text(statement, 1, (const char *)value, (int)size, SQLITE_STATIC);
	sqlite3_step(statement); /* the schema may refuse the value */
	sqlite3_finalize(statement);
}

static void rows_write(const char *path, const uint8_t *data, size_t size)
{
	static const char *const updates[] = {
		"UPDATE result SET detail = ?",
		"UPDATE run SET environment = ?",
		"UPDATE text SET text = ?",
		"UPDATE result SET verdict = ?",
		"UPDATE result SET message = ?",
		"UPDATE result SET executions = ?",
		"UPDATE result SET scenario = ?",
		"UPDATE run SET began = ?",
		"UPDATE source SET path = ?",
	};
	sqlite3 *db;

	file_write(path, good, good_bytes);
	if (sqlite3_open(path, &db) != SQLITE_OK)
		abort();
	sqlite3_exec(db, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
	for (size_t i = 0; size && i < sizeof updates / sizeof *updates; i++) {
		size_t length = strnlen((const char *)data, size);
		size_t taken = length < size ? length + 1 : length;

		value_set(db, updates[i], data, length);
		data += taken;
		size -= taken;
	}
	sqlite3_close(db);
}

static void store_use(const char *path)
{
	struct store *store = store_read(path);

	json_decref(store_runs(store));
	json_decref(store_cases(store, 0));
	json_decref(store_cases(store, 1));
	json_decref(store_outcomes_after(store, 1));
	json_decref(store_tallies(store));
	store_comparable(store, 1);
	json_decref(store_history(store, "a", "b", "stress"));
	json_decref(store_rates(store, "a", "b", "stress", 9));
	json_decref(store_source(store, 1, "scenarios/a/correct.c"));
	json_decref(store_correct_sources(store, 1, "a"));
	json_decref(store_folder_sources(store, 1, "a"));
	store_close(store);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *path = path_next();

	if (size && *data % 3 == 0)
		file_write(path, data + 1, size - 1);
	else if (size && *data % 3 == 1)
		changed_write(path, data + 1, size - 1);
	else
		rows_write(path, data + (size > 0), size - (size > 0));
	if (setjmp(refused) == 0)
		store_use(path);
	else
		opened_close();
	unlink(path);
	free(path);
	return 0;
}
