/* prune.c - snarl prune: old runs out of the store. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "campaign.h"
#include "command.h"
#include "exit.h"
#include "field.h"
#include "store.h"
#include "text.h"

static struct {
	uint64_t keep;
	bool dry;
	const char *db;
} options = {.keep = 10};

#define AT(field) offsetof(__typeof__(options), field)

static const struct option_row rows[] = {
	{"keep", "N", "keep the newest N runs (default: 10)", OPTION_NUMBER, AT(keep)},
	{"n,dry-run", NULL, "print what would be removed, and remove nothing", OPTION_FLAG,
		AT(dry)},
	{"db", "FILE", HELP_DB, OPTION_TEXT, AT(db)},
	{0},
};

static uint64_t file_size(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 ? (uint64_t)status.st_size : 0;
}

static void runs_print(const json_t *runs)
{
	const json_t *run;
	size_t i;

	json_array_foreach(runs, i, run) {
		int64_t cases = field_integer(run, "cases", 0);

		printf("%s run %" PRId64 " of %.19s UTC, %" PRId64 " %s\n",
			options.dry ? "would remove" : "removed", field_integer(run, "run", 0),
			field_text(run, "began"), cases, cases == 1 ? "case" : "cases");
	}
}

static int prune_run(const struct command *command, int argc, char **argv)
{
	char freed[TEXT_NUMBER_MAX];
	struct string_list plain;
	struct store *store;
	uint64_t before;
	json_t *runs;
	int error = 0;
	char *db;

	options_parse(command, argc, argv, &options, &plain);
	if (plain.count)
		die(EXIT_USAGE, "snarl prune takes no arguments, only options");
	if (options.keep > INT64_MAX)
		die(EXIT_USAGE, "--keep must be at most %" PRId64, INT64_MAX);
	db = options.db ? format("%s", options.db) : campaign_default_db(catalog_load(NULL));
	before = file_size(db);
	store = store_read(db);
	runs = store_old_runs(store, options.keep);
	if (!options.dry && json_array_size(runs))
		error = store_prune(store, runs);
	store_close(store);
	if (!error)
		runs_print(runs);
	if (!error && options.dry)
		printf("%s: %zu runs would be removed\n", db, json_array_size(runs));
	else if (!error)
		printf("%s: %zu runs removed, %s freed\n", db, json_array_size(runs),
			text_size(before > file_size(db) ? before - file_size(db) : 0, freed));
	json_decref(runs);
	free(db);
	return error ? EXIT_COULD_NOT_RUN : EXIT_AS_EXPECTED;
}

COMMAND(prune) = {"prune", "",
	"Remove old runs from the store; the newest result of every case stays", rows, prune_run};
